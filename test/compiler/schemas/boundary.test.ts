import { beforeAll, describe, expect, test } from "vitest";
import type { Problem } from "../../../src/compiler/problem.ts";
import { compiled, problemsOf } from "../project.ts";

/** Type → where in it, and what, cannot be passed. */
const refused: [type: string, where: string, what: string][] = [
  ["() => void", "", "a function"],
  ["{ rows: { score(): number }[] }", "rows[].score", "a function"],
  ["{ later: Promise<number> }", "later", "a promise"],
  ["{ later: PromiseLike<number> }", "later", "a promise"],
  ["symbol", "", "a symbol"],
  ["Model", "", "an instance of the class Model"],
  ["{ best: Model | null }", "best", "an instance of the class Model"],
  ["Map<string, Model>", "values()", "an instance of the class Model"],
  ["[number, WeakMap<object, number>]", "[1]", "an instance of the class WeakMap"],
  ["{ of: { [key: string]: Intl.Collator } }", "of[…]", "an instance of the class Collator"],
  ["typeof Model", "", "a function"],
];

describe("what cannot be passed between steps", () => {
  let problems: Problem[];
  beforeAll(async () => {
    const steps = refused.map(
      ([type], i) => `const out${i} = step(async () => null as unknown as ${type});
        const in${i} = step(async (input: { value: ${type} }) => { void input; });`,
    );
    const calls = refused.map((_, i) => `await out${i}(); await in${i}(null as never);`);
    problems = await problemsOf(`
      import { pipeline, step } from "reprise";
      class Model { weights = [1]; predict() { return 1; } }
      ${steps.join("\n")}
      export default pipeline("refused", async () => { ${calls.join("\n")} });
    `);
  });

  test.each(refused.map(([type, where, what], i) => ({ type, where, what, i })))(
    "$type is a problem of the output",
    ({ where, what, i }) => {
      const at =
        where === ""
          ? ""
          : `, at \`${where.replace(/^(\[|values)/, (start) => (start === "values" ? ".values" : start))}\`,`;
      const own = problems.filter(({ message }) => message.startsWith(`The output of the step "out${i}"`));
      expect(own).toHaveLength(1);
      expect(own[0]).toMatchObject({
        number: "RP2001",
        message: expect.stringContaining(`is ${what}, which cannot be passed`),
      });
      expect(own[0]?.message).toContain(at);
    },
  );

  test.each(refused.map(([type], i) => ({ type, i })))("$type is a problem of the input", ({ i }) => {
    const own = problems.filter(({ message }) => message.startsWith(`The input of the step "in${i}", at \`value`));
    expect(own).toHaveLength(1);
  });

  test("nothing else is a problem", () => {
    expect(problems).toHaveLength(2 * refused.length);
  });
});

test("the params and the result of a pipeline are boundaries too", async () => {
  const problems = await problemsOf(`
    import { pipeline } from "reprise";
    export default pipeline("p", async ({ log }: { log: (text: string) => void }) => ({ wait: new Promise<void>(() => {}) }));
  `);
  expect(problems.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      'The params of the pipeline "p", at `log`, is a function, which cannot be passed between steps.',
      'The result of the pipeline "p", at `wait`, is a promise, which cannot be passed between steps.',
    ]),
  );
});

test("a field that is named `then` is data, where nobody can call it", async () => {
  const { pipeline } = await compiled(`
    import { pipeline, step } from "reprise";
    const rule = step(async ({ then }: { then: number }) => ({ then }));
    export default pipeline("p", async () => { const made = await rule({ then: 3 }); return { if: true, then: made.then }; });
  `);
  expect(pipeline.templates).toMatchObject({ rule: { output: { properties: { then: { type: "number" } } } } });
});
