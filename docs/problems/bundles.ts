/** 4xxx: the code and the files that travel with a step. */
import { rules } from "../../src/compiler/rules.ts";
import type { Example } from "./example.ts";

export const bundles: Example[] = [
  {
    rule: rules.bundleFailed,
    title: "A module whose code is not there",
    wrong: {
      "rows.d.ts": `export declare const rows: number[];
`,
      "pipeline.ts": `import { pipeline, step } from "reprise";
import { rows } from "./rows.js"; // here

const load = step(async () => rows);

export default pipeline("loaded", async () => await load());
`,
    },
    right: {
      "rows.ts": `export const rows = [1, 2, 3];
`,
      "pipeline.ts": `import { pipeline, step } from "reprise";
import { rows } from "./rows.ts";

const load = step(async () => rows);

export default pipeline("loaded", async () => await load());
`,
    },
  },
  {
    rule: rules.missingFile,
    title: "A data file that is not there",
    wrong: `import { pipeline, step } from "reprise";

const load = step(async () => String(new URL("./penguins.csv", import.meta.url))); // here

export default pipeline("loaded", async () => await load());
`,
    right: {
      "penguins.csv": `species,mass
adelie,3750
`,
      "pipeline.ts": `import { pipeline, step } from "reprise";

const load = step(async () => String(new URL("./penguins.csv", import.meta.url)));

export default pipeline("loaded", async () => await load());
`,
    },
  },
  {
    rule: rules.ownFolder,
    title: "The module's own folder",
    wrong: {
      "penguins.csv": `species,mass
adelie,3750
`,
      "pipeline.ts": `import { pipeline, step } from "reprise";

const load = step(async () => \`\${import.meta.dirname}/penguins.csv\`); // here

export default pipeline("loaded", async () => await load());
`,
    },
    right: {
      "penguins.csv": `species,mass
adelie,3750
`,
      "pipeline.ts": `import { pipeline, step } from "reprise";

const load = step(async () => String(new URL("./penguins.csv", import.meta.url)));

export default pipeline("loaded", async () => await load());
`,
    },
  },
];
