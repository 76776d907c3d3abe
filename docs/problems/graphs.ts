/** 12xx: the graph builder. */
import { rules } from "../../src/compiler/rules.ts";
import type { Example } from "./example.ts";

export const graphs: Example[] = [
  {
    rule: rules.graphFailed,
    title: "A builder that throws",
    wrong: `import { pipeline, step } from "reprise";

const fit = step(async ({ depth }: { depth: number }) => depth);

const depths: number[] = [];
const g = pipeline.graph("fits");
const deepest = Math.max(...depths);
if (depths.length === 0) throw new Error("there are no depths"); // here
g.returns(g.step("fit", fit, { depth: deepest }));
export default g;
`,
    right: `import { pipeline, step } from "reprise";

const fit = step(async ({ depth }: { depth: number }) => depth);

const depths = [1, 2, 3];
const g = pipeline.graph("fits");
g.returns(g.step("fit", fit, { depth: Math.max(...depths) }));
export default g;
`,
  },
  {
    rule: rules.graphStep,
    title: "A step that is declared elsewhere",
    wrong: {
      "node_modules/shared-steps/package.json": `{ "name": "shared-steps", "version": "1.0.0", "type": "module", "exports": "./index.js" }
`,
      "node_modules/shared-steps/index.js": `import { step } from "reprise";
export const scale = step(async ({ factor }) => factor);
`,
      "node_modules/shared-steps/index.d.ts": `export declare const scale: (input: { factor: number }) => Promise<number>;
`,
      "pipeline.ts": `import { pipeline } from "reprise";
import { scale } from "shared-steps";

const g = pipeline.graph("scaled"); // here
g.returns(g.step("first", scale, { factor: 1 }));
export default g;
`,
    },
    right: `import { pipeline, step } from "reprise";

const scale = step(async ({ factor }: { factor: number }) => factor);

const g = pipeline.graph("scaled");
g.returns(g.step("first", scale, { factor: 1 }));
export default g;
`,
  },
  {
    rule: rules.graphUnfinished,
    title: "A builder that never ends",
    wrong: `import { pipeline, step } from "reprise";

const fit = step(async ({ depth }: { depth: number }) => depth);

const started = new Promise<number>(() => {});
const g = pipeline.graph("fits"); // here
const depth = await started;
g.returns(g.step("fit", fit, { depth }));
export default g;
`,
    right: `import { pipeline, step } from "reprise";

const fit = step(async ({ depth }: { depth: number }) => depth);

const started = Promise.resolve(3);
const g = pipeline.graph("fits");
const depth = await started;
g.returns(g.step("fit", fit, { depth }));
export default g;
`,
  },
  {
    rule: rules.plainCondition,
    title: "A reference in the place of a plain condition",
    wrong: `import { pipeline, step } from "reprise";

const fit = step(async () => ({ ok: true }));
const publish = step(async () => "published");

const g = pipeline.graph("published");
const best = g.step("fit", fit);
if (best.ok) g.step("publish", publish); // here
export default g;
`,
    right: `import { pipeline, step } from "reprise";

const fit = step(async () => ({ ok: true }));
const publish = step(async () => "published");

const g = pipeline.graph("published");
const best = g.step("fit", fit);
g.branch("ok", best.ok, { then: () => g.step("publish", publish) });
export default g;
`,
  },
];
