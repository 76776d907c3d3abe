/** 11xx: the class door. */
import { rules } from "../../src/compiler/rules.ts";
import type { Example } from "./example.ts";

export const classes: Example[] = [
  {
    rule: rules.noRun,
    title: "A class without a body",
    wrong: `import { pipeline, step } from "reprise";

@pipeline({ name: "nightly" }) // here
export class Nightly {
  @step async load() {
    return [1, 2, 3];
  }
}
`,
    right: `import { pipeline, step } from "reprise";

@pipeline({ name: "nightly" })
export class Nightly {
  @step async load() {
    return [1, 2, 3];
  }

  async run() {
    return await this.load();
  }
}
`,
  },
  {
    rule: rules.classNeedsArguments,
    title: "A class that wants arguments",
    wrong: `import { pipeline, step } from "reprise";

@pipeline({ name: "scaled" })
export class Scaled {
  readonly factor: number;

  constructor(factor: number) { // here
    this.factor = factor;
  }

  @step async scale({ n }: { n: number }) {
    return n * this.factor;
  }

  async run() {
    return await this.scale({ n: 21 });
  }
}
`,
    right: `import { pipeline, step } from "reprise";

@pipeline({ name: "scaled" })
export class Scaled {
  @step async scale({ n, factor }: { n: number; factor: number }) {
    return n * factor;
  }

  async run({ factor }: { factor: number }) {
    return await this.scale({ n: 21, factor });
  }
}
`,
  },
  {
    rule: rules.stepPlace,
    title: "A step that is no plain method",
    wrong: `import { pipeline, step } from "reprise";

@pipeline({ name: "nightly" })
export class Nightly {
  @step static async load() { // here
    return [1, 2, 3];
  }

  async run() {
    return 1;
  }
}
`,
    right: `import { pipeline, step } from "reprise";

@pipeline({ name: "nightly" })
export class Nightly {
  @step async load() {
    return [1, 2, 3];
  }

  async run() {
    return await this.load();
  }
}
`,
  },
  {
    rule: rules.experimentalDecorators,
    title: "Decorators from before the standard",
    wrong: {
      "tsconfig.json": `{ "compilerOptions": { "strict": true, "experimentalDecorators": true } }
`,
      "pipeline.ts": `import { pipeline } from "reprise";

@pipeline({ name: "nightly" }) // here
export class Nightly {
  async run() {
    return 1;
  }
}
`,
    },
    right: {
      "tsconfig.json": `{ "compilerOptions": { "strict": true } }
`,
      "pipeline.ts": `import { pipeline } from "reprise";

@pipeline({ name: "nightly" })
export class Nightly {
  async run() {
    return 1;
  }
}
`,
    },
  },
];
