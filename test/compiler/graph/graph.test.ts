/** Graphs that a program puts together, compiled: from the author's file to the pipeline JSON. */
import { describe, expect, test } from "vitest";
import { nodesOf } from "../../../src/model/nodes-of.ts";
import { admit } from "../../../src/model/pipeline.ts";
import { compiled, problemsOf } from "../project.ts";

const steps = `import { pipeline, step } from "reprise";
export const load = step(async ({ n }: { n: number }) => ({ rows: [n], ok: true }));
`;
const head = `import { gte, lt, pipeline, step, withOptions } from "reprise";
import { load } from "./steps.ts";
const g = pipeline.graph("built");
`;
const files = (body: string) => ({ "steps.ts": steps, "pipeline.ts": `${head}${body}\nexport default g;\n` });

describe("a graph", () => {
  test("is run where it is compiled: loops and helper functions put it together", async () => {
    const { pipeline, text } = await compiled(
      files(`
const n = g.param<number>("n", { type: "number", default: 2 });
const chain = (length: number) => {
  let last = g.step("load-0", load, { n });
  for (let i = 1; i < length; i += 1) last = g.step(\`load-\${i}\`, load, { n: last.rows[0]! });
  return last;
};
g.returns({ last: chain(3).rows, ok: true });`),
    );
    expect(admit(text)).toEqual(pipeline);
    expect(pipeline.graph.order).toBe("data");
    expect(nodesOf(pipeline.graph, "call").map(({ id }) => id)).toEqual(["load-0", "load-1", "load-2"]);
    expect(nodesOf(pipeline.graph, "call")[0]).toMatchObject({ template: "load", at: "pipeline.ts:7:16" });
    expect(pipeline.params).toEqual({ type: "object", properties: { n: { type: "number", default: 2 } } });
    expect(pipeline.result).toEqual({
      type: "object",
      properties: { last: { type: "array", items: { type: "number" } }, ok: { type: "boolean" } },
      required: ["last", "ok"],
    });
  });

  test("has a template for each way in which a step is called", async () => {
    const { pipeline } = await compiled(
      files(`
for (const queue of ["a", "b", "a"]) g.step(\`on-\${queue}-\${Math.random()}\`, withOptions(load, { queue }), { n: 1 });
g.step("plain", load, { n: 1 });`),
    );
    const queues = Object.entries(pipeline.templates).map(([name, { options }]) => [name, options.queue]);
    expect(queues).toEqual([
      ["load", "a"],
      ["load$2", "b"],
      ["load$3", "default"],
    ]);
  });

  test("calls other pipelines, which are compiled with it", async () => {
    const { pipeline } = await compiled({
      ...files(`
export const inner = pipeline("inner", async ({ n }: { n: number }) => (await load({ n })).rows);
g.returns(g.step("called", inner, { n: 1 }));`),
    });
    expect(pipeline.templates.inner).toMatchObject({ kind: "pipeline", pipeline: "inner" });
    expect(Object.keys(pipeline.pipelines ?? {})).toEqual(["inner"]);
  }, 60_000);

  test("leaves nothing of itself in the bundles of steps in its own module", async () => {
    const { pipeline } = await compiled(`import { gte, pipeline, step } from "reprise";
export const own = step(async ({ n }: { n: number }) => ({ n }));
const g = pipeline.graph("own");
const names = ["a", "b"];
const refs = names.map((name) => g.step(name, own, { n: 1 }));
for (const ref of refs) g.branch(\`of-\${refs.indexOf(ref)}\`, gte(ref.n, 1), { then: () => ref });
export default g;
`);
    const [bundle] = Object.values(pipeline.bundles);
    expect(bundle!.code).not.toMatch(/graph|branch|gte/);
  });

  test("is found by its export, whatever made it, and says its own name", async () => {
    const made = {
      "steps.ts": steps,
      "pipeline.ts": `import { pipeline } from "reprise";
import { load } from "./steps.ts";
const build = (name: string) => {
  const g = pipeline.graph(name);
  g.returns(g.step("load", load, { n: 1 }));
  return g;
};
export const built = build(["said", "later"].join(" "));
`,
    };
    expect((await compiled(made)).pipeline.name).toBe("said later");
    expect((await compiled(made, { pipeline: "built" })).pipeline.name).toBe("said later");
  });
});

describe("a problem says", () => {
  const problems = async (body: string) => {
    const found = await problemsOf(files(body));
    return found.map(({ number, place, message }) => [number, place, message]);
  };

  test("what the program threw, and where", async () => {
    const [[number, place, message] = []] = await problems(
      `g.step("a", load, { n: 1 });\ng.step("a", load, { n: 2 });`,
    );
    expect([number, place]).toEqual(["RP1201", "pipeline.ts:5:3"]);
    expect(message).toContain('the graph has two nodes "a"');
  });

  test("that a plain condition stands on a reference", async () => {
    const found = await problems(`const a = g.step("a", load, { n: 1 });
if (a.ok) g.step("b", load, { n: 2 });
const c = a.ok ? 1 : 2;
const d = !a.ok && a;
g.returns({ c, d });`);
    expect(found.map(([number, place]) => [number, place])).toEqual([
      ["RP1203", "pipeline.ts:5:5"],
      ["RP1203", "pipeline.ts:6:11"],
      ["RP1203", "pipeline.ts:7:12"],
    ]);
  });

  test("that a step is declared where no module can export it", async () => {
    const found = await problems(`const make = () => step(async () => 1);\ng.step("a", make());`);
    expect(found.map(([number]) => number)).toEqual(["RP1012"]);
  });

  test("that an input does not fit, in TypeScript's words", async () => {
    const found = await problems(`g.step("a", load, { n: "1" });`);
    expect(found).toEqual([["TS2322", "pipeline.ts:4:21", expect.stringContaining("'string' is not assignable")]]);
  });
});
