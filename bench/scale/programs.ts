/** Long bodies, as TypeScript: a few shapes, each of `n` step calls. */

type Shape = (n: number) => { steps: string; body: string };

const one = "export const one = step(async ({ n }: { n: number }) => ({ n: n + 1, list: [n] }));";
const lines = (n: number, line: (i: number) => string) => Array.from({ length: n }, (_, i) => line(i + 1)).join("\n");

export const shapes = {
  "a chain of calls": (n) => ({
    steps: one,
    body: `const x0 = { n: 0 };\n${lines(n, (i) => `const x${i} = await one({ n: x${i - 1}.n });`)}\nreturn x${n};`,
  }),
  "calls in nested ifs": (n) => ({
    steps: one,
    body: `let x = await one({ n: 0 });\n${lines(Math.ceil(n / 10), () => nested(10))}\nreturn x;`,
  }),
  "results kept in one list": (n) => ({
    steps: one,
    body: `const all: { n: number }[] = [];\n${lines(n, (i) => `const x${i} = await one({ n: ${i} });\nall.push(x${i});`)}\nreturn all;`,
  }),
  "one long expression": (n) => ({
    steps: one,
    body: `return [${lines(n, (i) => `(await one({ n: ${i} })).n,`)}];`,
  }),
  "calls at the same time": (n) => ({
    steps: one,
    body: `return await Promise.all([${lines(n, (i) => `one({ n: ${i} }),`)}]);`,
  }),
} satisfies Record<string, Shape>;

/** A graph builder: `n` steps that are added in a loop, or each by a statement of its own. */
export const builders = {
  "in a loop": (n: number) =>
    builder(`let last = g.step("s0", one, { n: 0 });
for (let i = 1; i < ${n}; i += 1) last = g.step(\`s\${i}\`, one, { n: last.n });
g.returns(last);`),
  "each by a statement": (n: number) =>
    builder(
      `const s0 = g.step("s0", one, { n: 0 });\n${lines(n - 1, (i) => `const s${i} = g.step("s${i}", one, { n: s${i - 1}.n });`)}\ng.returns(s${n - 1});`,
    ),
};

const builder = (body: string): string =>
  `import { pipeline, step } from "reprise";\n\n${one}\n\nconst g = pipeline.graph("scale");\n${body}\nexport default g;\n`;

/** `n` calls in a file that declares 200 steps. */
export const manySteps: Shape = (n) => ({
  steps: lines(200, (i) => `export const s${i} = step(async ({ n }: { n: number }) => ({ n: n + ${i} }));`),
  body: `let x = { n: 0 };\n${lines(n, (i) => `x = await s${((i - 1) % 200) + 1}({ n: x.n });`)}\nreturn x;`,
});

export function sourceOf({ steps, body }: ReturnType<Shape>): string {
  return `import { pipeline, step } from "reprise";\n\n${steps}\n\nexport default pipeline("scale", async () => {\n${body}\n});\n`;
}

function nested(depth: number): string {
  return `${lines(depth, (i) => `if (x.n >= ${i}) {\nx = await one({ n: x.n });`)}\n${"}".repeat(depth)}`;
}
