/** 3xxx: the body. */
import * as problems from "../../src/compiler/lower/problems.ts";
import type { Example } from "./example.ts";

const body = (lines: string, { top = "", steps = "" }: { top?: string; steps?: string } = {}): string =>
  `${top}import { pipeline, step } from "reprise";

${steps}const load = step(async () => [3, 1, 2]);

export default pipeline("shown", async () => {
${lines
  .trimEnd()
  .split("\n")
  .map((line) => (line === "" ? "" : `  ${line}`))
  .join("\n")}
});
`;

export const bodies: Example[] = [
  {
    rule: problems.notAsync,
    title: "A body that is not async",
    wrong: `import { pipeline, step } from "reprise";

const load = step(async () => [3, 1, 2]);

export default pipeline("shown", () => load()); // here
`,
    right: `import { pipeline, step } from "reprise";

const load = step(async () => [3, 1, 2]);

export default pipeline("shown", async () => await load());
`,
  },
  {
    rule: problems.unknownGlobal,
    title: "Something of the outside world",
    wrong: body(`const rows = await load();
console.log(rows.length); // here
return rows;`),
    right: body(
      `const rows = await load();
await report({ rows });
return rows;`,
      {
        steps: `const report = step(async ({ rows }: { rows: number[] }) => console.log(rows.length));
`,
      },
    ),
  },
  {
    rule: problems.packageValue,
    title: "A function of a package",
    wrong: {
      "node_modules/tiny-sum/package.json": `{ "name": "tiny-sum", "version": "1.0.0", "type": "module", "exports": "./index.ts" }
`,
      "node_modules/tiny-sum/index.ts": `export const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
`,
      "pipeline.ts": body(
        `const rows = await load();
return sum(rows); // here`,
        { top: `import { sum } from "tiny-sum";\n` },
      ),
    },
    right: {
      "node_modules/tiny-sum/package.json": `{ "name": "tiny-sum", "version": "1.0.0", "type": "module", "exports": "./index.ts" }
`,
      "node_modules/tiny-sum/index.ts": `export const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
`,
      "pipeline.ts": body(
        `const rows = await load();
return await total({ rows });`,
        {
          top: `import { sum } from "tiny-sum";\n`,
          steps: `const total = step(async ({ rows }: { rows: number[] }) => sum(rows));
`,
        },
      ),
    },
  },
  {
    rule: problems.unknownMember,
    title: "A member of the library that a body does not have",
    wrong: body(`const rows = await load();
return rows.toLocaleString(); // here`),
    right: body(`const rows = await load();
return rows.join(", ");`),
  },
  {
    rule: problems.droppedPromise,
    title: "A promise that nobody awaits",
    wrong: body(`load(); // here
return "started";`),
    right: body(`await load();
return "done";`),
  },
  {
    rule: problems.taskInBody,
    title: "Task.current() in the body",
    wrong: `import { pipeline, step, Task } from "reprise";

const load = step(async () => [3, 1, 2]);

export default pipeline("shown", async () => {
  const rows = await load();
  Task.current().log("loaded"); // here
  return rows;
});
`,
    right: `import { pipeline, step, Task } from "reprise";

const load = step(async () => {
  Task.current().log("loaded");
  return [3, 1, 2];
});

export default pipeline("shown", async () => await load());
`,
  },
  {
    rule: problems.moduleVariable,
    title: "A variable of the module",
    wrong: body(
      `const rows = await load();
return rows.slice(0, limit); // here`,
      { steps: "let limit = 2;\n" },
    ),
    right: body(
      `const rows = await load();
return rows.slice(0, limit);`,
      { steps: "const limit = 2;\n" },
    ),
  },
  {
    rule: problems.moduleMutation,
    title: "A change of what belongs to the module",
    wrong: body(
      `const rows = await load();
seen.push(rows.length); // here
return seen;`,
      { steps: "const seen: number[] = [];\n" },
    ),
    right: body(`const seen: number[] = [];
const rows = await load();
seen.push(rows.length);
return seen;`),
  },
  {
    rule: problems.unsupportedStatement,
    title: "A statement that a body does not have",
    wrong: body(`var rows = await load(); // here
return rows;`),
    right: body(`const rows = await load();
return rows;`),
  },
  {
    rule: problems.unsupportedExpression,
    title: "An expression that a body does not have",
    wrong: body(`const rows = await load();
return { get first() { return rows[0]; } }; // here`),
    right: body(`const rows = await load();
return { first: rows[0] };`),
  },
  {
    rule: problems.awaitPlace,
    title: "An await where the graph has no place for it",
    wrong: body(
      `return rows.length;`,
      { steps: "const rows = await load(); // here\n" },
    ),
    right: body(`const rows = await load();
return rows.length;`),
  },
  {
    rule: problems.awaitOutside,
    title: "An await in a function that is not async",
    wrong: body(`const first = () => {
  const rows = await load(); // here
  return rows[0];
};
return first();`),
    right: body(`const first = async () => {
  const rows = await load();
  return rows[0];
};
return await first();`),
  },
  {
    rule: problems.stepArguments,
    title: "A step called with more than one argument",
    wrong: body(
      `// @ts-expect-error
return await fit(await load(), 3); // here`,
      {
        steps: `const fit = step(async ({ rows, depth }: { rows: number[]; depth: number }) => rows.length * depth);
`,
      },
    ),
    right: body(`return await fit({ rows: await load(), depth: 3 });`, {
      steps: `const fit = step(async ({ rows, depth }: { rows: number[]; depth: number }) => rows.length * depth);
`,
    }),
  },
  {
    rule: problems.outsideClass,
    title: "A class of one's own",
    wrong: body(
      `const rows = await load();
return new Table(rows).rows.length; // here`,
      {
        steps: `class Table {
  readonly rows: number[];
  constructor(rows: number[]) {
    this.rows = rows;
  }
}
`,
      },
    ),
    right: body(
      `const rows = await load();
return table(rows).rows.length;`,
      { steps: "const table = (rows: number[]) => ({ rows });\n" },
    ),
  },
  {
    rule: problems.unreachableModule,
    title: "A value of the module that is not a constant",
    wrong: body(
      `const rows = await load();
return rows.slice(0, Limit.most);`,
      {
        steps: `enum Limit {
  most = "most".length, // here
}
`,
      },
    ),
    right: body(
      `const rows = await load();
return rows.slice(0, Limit.most);`,
      {
        steps: `enum Limit {
  most = 4,
}
`,
      },
    ),
  },
  {
    rule: problems.waitArguments,
    title: "A wait whose arguments are not there",
    wrong: `import { pipeline, sleep } from "reprise";

export default pipeline("shown", async () => {
  await sleep(); // here
  return "awake";
});
`,
    right: `import { pipeline, sleep } from "reprise";

export default pipeline("shown", async () => {
  await sleep("10m");
  return "awake";
});
`,
  },
  {
    rule: problems.noStepHere,
    title: "detach or start of what is no step",
    wrong: `import { detach, pipeline, step } from "reprise";

const load = step(async () => [3, 1, 2]);

export default pipeline("shown", async () => {
  const later = async () => {
    await load();
  };
  detach(later()); // here
  return "started";
});
`,
    right: `import { detach, pipeline, step } from "reprise";

const load = step(async () => [3, 1, 2]);

export default pipeline("shown", async () => {
  detach(load());
  return "started";
});
`,
  },
];
