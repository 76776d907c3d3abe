/** 2xxx: what passes between steps. */
import { rules } from "../../src/compiler/rules.ts";
import type { Example } from "./example.ts";

export const types: Example[] = [
  {
    rule: rules.cannotCross,
    title: "A value that cannot be passed between steps",
    wrong: `import { pipeline, step } from "reprise";

const scale = step(async () => ({ factor: 2, apply: (n: number) => n * 2 })); // here

export default pipeline("scaled", async () => {
  const { factor } = await scale();
  return factor;
});
`,
    right: `import { pipeline, step } from "reprise";

const scale = step(async () => ({ factor: 2 }));

export default pipeline("scaled", async () => {
  const { factor } = await scale();
  return factor;
});
`,
  },
];
