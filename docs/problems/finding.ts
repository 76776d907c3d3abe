/** 1001 to 1012: which pipeline, and which steps; 1016: how deep it may be nested. */
import { rules } from "../../src/compiler/rules.ts";
import type { Example } from "./example.ts";

export const finding: Example[] = [
  {
    rule: rules.noFile,
    title: "No such file",
    wrong: { "pipelines.ts": `// There is no pipeline.ts.\n` },
    right: `import { pipeline } from "reprise";

export default pipeline("nightly", async () => "done");
`,
  },
  {
    rule: rules.noPipeline,
    title: "A file without a pipeline",
    wrong: `import { step } from "reprise";

export const load = step(async () => [1, 2, 3]);
`,
    right: `import { pipeline, step } from "reprise";

export const load = step(async () => [1, 2, 3]);

export default pipeline("nightly", async () => await load());
`,
  },
  {
    rule: rules.manyPipelines,
    title: "Several pipelines, and none of them the default",
    wrong: `import { pipeline } from "reprise";

export const nightly = pipeline("nightly", async () => "done");
export const weekly = pipeline("weekly", async () => "done");
`,
    right: `import { pipeline } from "reprise";

export default pipeline("nightly", async () => "done");
export const weekly = pipeline("weekly", async () => "done");
`,
  },
  {
    rule: rules.unknownPipeline,
    title: "A pipeline that the file does not declare",
    choosing: { wrong: "nightly", right: "weekly" },
    wrong: `import { pipeline } from "reprise";

export const weekly = pipeline("weekly", async () => "done");
`,
    right: `import { pipeline } from "reprise";

export const weekly = pipeline("weekly", async () => "done");
`,
  },
  {
    rule: rules.notAsync,
    title: "A function that is not async",
    wrong: `import { pipeline, step } from "reprise";

const double = step(({ n }: { n: number }) => n * 2); // here

export default pipeline("doubled", async () => await double({ n: 21 }));
`,
    right: `import { pipeline, step } from "reprise";

const double = step(async ({ n }: { n: number }) => n * 2);

export default pipeline("doubled", async () => await double({ n: 21 }));
`,
  },
  {
    rule: rules.generator,
    title: "A generator as a step",
    wrong: `import { pipeline, step } from "reprise";

const count = step(async function* () { // here
  for (let n = 0; n < 3; n += 1) yield n;
});

export default pipeline("counted", async () => await count());
`,
    right: `import { pipeline, step } from "reprise";

const count = step(async () => {
  const numbers: number[] = [];
  for (let n = 0; n < 3; n += 1) numbers.push(n);
  return numbers;
});

export default pipeline("counted", async () => await count());
`,
  },
  {
    rule: rules.manyParameters,
    title: "Several parameters",
    wrong: `import { pipeline, step } from "reprise";

const fit = step(async (rows: number[], depth: number) => rows.length * depth); // here

export default pipeline("fitted", async () => await fit([1, 2]));
`,
    right: `import { pipeline, step } from "reprise";

const fit = step(async ({ rows, depth }: { rows: number[]; depth: number }) => rows.length * depth);

export default pipeline("fitted", async () => await fit({ rows: [1, 2], depth: 3 }));
`,
  },
  {
    rule: rules.noFunction,
    title: "A step without a function",
    wrong: `import { pipeline, step } from "reprise";

const load = step({ queue: "cpu" }); // here

export default pipeline("loaded", async () => await load());
`,
    right: `import { pipeline, step } from "reprise";

const load = step({ queue: "cpu" }, async () => [1, 2, 3]);

export default pipeline("loaded", async () => await load());
`,
  },
  {
    rule: rules.bodyOutOfSight,
    title: "A body that is made when the program runs",
    wrong: `import { pipeline } from "reprise";

const bodies: Record<string, () => Promise<number>> = { one: async () => 1 };

export default pipeline("picked", bodies.one!); // here
`,
    right: `import { pipeline } from "reprise";

export default pipeline("picked", async () => 1);
`,
  },
  {
    rule: rules.stepNotAtTop,
    title: "A step that is not at the top of a module",
    wrong: `import { pipeline, step } from "reprise";

const steps = { load: step(async () => [1, 2, 3]) }; // here

export default pipeline("loaded", async () => await steps.load());
`,
    right: `import { pipeline, step } from "reprise";

const load = step(async () => [1, 2, 3]);

export default pipeline("loaded", async () => await load());
`,
  },
  {
    rule: rules.stepNotConst,
    title: "A step in a variable that may change",
    wrong: `import { pipeline, step } from "reprise";

let load = step(async () => [1, 2, 3]); // here

export default pipeline("loaded", async () => await load());
`,
    right: `import { pipeline, step } from "reprise";

const load = step(async () => [1, 2, 3]);

export default pipeline("loaded", async () => await load());
`,
  },
  {
    rule: rules.noName,
    title: "A step without a name",
    wrong: `import { pipeline, step, withOptions } from "reprise";

const load = withOptions(step(async () => [1, 2, 3]), { queue: "gpu" }); // here

export default pipeline("loaded", async () => await load());
`,
    right: `import { pipeline, step, withOptions } from "reprise";

const read = step(async () => [1, 2, 3]);
const load = withOptions(read, { queue: "gpu" });

export default pipeline("loaded", async () => await load());
`,
  },
  {
    rule: rules.tooDeep,
    title: "Something nested too deep",
    wrong: `import { pipeline } from "reprise";

export default pipeline("deep", async () => {
  const nest: unknown = ${"[".repeat(200)}${"]".repeat(200)}; // here
  return nest;
});
`,
    right: `import { pipeline } from "reprise";

export default pipeline("deep", async () => {
  let nest: unknown = [];
  for (let depth = 1; depth < 200; depth += 1) nest = [nest];
  return nest;
});
`,
  },
];
