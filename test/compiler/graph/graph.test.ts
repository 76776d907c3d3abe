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

  test("waits, starts and detaches, with the schema of what a signal brings", async () => {
    const { pipeline } = await compiled(
      files(`
const first = g.step("first", load, { n: 1 });
const said = g.signal<{ by: string }>("said", "approved", {
  timeLimit: "1h",
  after: first,
  schema: { type: "object", properties: { by: { type: "string" } }, required: ["by"] },
});
const held = g.sleep("pause", "1m", first);
const started = g.start("started", load, { n: held.rows[0]! });
started.metric("seen", "loss", "train", (point) => gte(point.value, 1));
g.detach("aside", load, { n: 2 });
g.returns({ said: said.by, rows: started.result("done").rows });`),
    );
    expect(Object.keys(pipeline.templates)).toEqual(["load"]);
    const { nodes } = pipeline.graph.body;
    expect(nodes.map(({ kind, id, reads, at }) => [kind, id, reads, at?.split(":")[1]])).toEqual([
      ["call", "first", [], "5"],
      ["signal", "said", ["first"], "6"],
      ["timer", "pause", ["first"], "11"],
      ["call", "started", ["pause"], "12"],
      ["await", "seen", ["started"], "13"],
      ["call", "aside", [], "14"],
      ["await", "done", ["started"], "15"],
      ["return", "return", ["done", "said"], undefined],
    ]);
    expect(nodes[1]).toMatchObject({ schema: { properties: { by: { type: "string" } } }, options: { kind: "object" } });
    expect(nodes.map((node) => (node as { as?: string }).as)).toEqual([
      ...[undefined, undefined, undefined, "handle"],
      ...[undefined, "detached", undefined, undefined],
    ]);
  });

  test("calls steps of classes, and pipelines that are classes, with the templates that they have through that door", async () => {
    const made = {
      "trainer.ts": `import { pipeline, step } from "reprise";
class Base {
  readonly rate = 3;
  @step async load({ n }: { n: number }) { return { rows: [n], rate: this.rate }; }
}
@pipeline("trained") export class Trainer extends Base {
  @step({ retry: 2, name: "fit well" }) async fit({ rows }: { rows: number[] }) { return rows.length * this.rate; }
  async run({ n }: { n: number }) {
    const { rows } = await this.load({ n });
    return this.fit({ rows });
  }
}`,
      "pipeline.ts": `import { pipeline, withOptions } from "reprise";
import { Trainer } from "./trainer.ts";
const g = pipeline.graph("built");
const [one, other] = [new Trainer(), new Trainer()];
const { rows } = g.step("load", one.load, { n: 1 });
g.step("again", other.load, { n: 2 });
g.step("fit", withOptions(one.fit, { queue: "gpu" }), { rows });
g.step("whole", one.run, { n: 3 });
g.step("asked", withOptions(other.run, { queue: "later" }), { n: 4 });
export default g;
export { Trainer } from "./trainer.ts";
`,
    };
    const { pipeline } = await compiled(made);
    const { pipeline: ofClass } = await compiled(made, { pipeline: "Trainer" });
    const called = nodesOf({ ...pipeline.graph }, "call").map((call) => [call.id, call.template]);
    expect(called).toEqual([
      ["load", "load"],
      ["again", "load"],
      ["fit", "fit well"],
      ["whole", "trained"],
      ["asked", "trained$2"],
    ]);
    const { queue: _, ...options } = pipeline.templates["fit well"]!.options;
    expect(pipeline.templates["fit well"]!.options).toMatchObject({ queue: "gpu", retry: { limit: 2 } });
    expect({ ...options, queue: "default" }).toEqual(ofClass.templates["fit well"]!.options);
    expect(pipeline.templates.load).toEqual(ofClass.templates.load);
    expect(pipeline.pipelines!.trained!.graph).toMatchObject({ order: "sequence" });
    expect(pipeline.templates.trained$2!.options.queue).toBe("later");
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
    const returned = files('export const built = g.returns({ n: g.step("a", load, { n: 1 }).rows[0]! });');
    expect((await compiled(returned)).pipeline).toMatchObject({
      name: "built",
      result: { properties: { n: { type: "number" } } },
    });
    const only = { ...returned, "pipeline.ts": returned["pipeline.ts"].replace("export default g;", "") };
    expect((await compiled(only, { pipeline: "built" })).pipeline.name).toBe("built");
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

  test.each([
    ["in an endless loop", "for (;;) {}", "1500ms", "after 1.5 s it still runs"],
    [
      "in an await that something keeps alive",
      "await new Promise((_) => setInterval(() => {}, 100));",
      1_500,
      "it still runs",
    ],
    ["in an await of nothing", "await new Promise(() => {});", "1m", "its module awaits what never comes"],
  ] as const)("that the program does not end: %s", async (_, endless, graphLimit, reason) => {
    const [problem] = await problemsOf(files(endless), { graphLimit, nodeTypes: true });
    expect(problem).toMatchObject({ number: "RP1204", place: "pipeline.ts:3:11" });
    expect(problem!.message).toContain(reason);
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

  test("that a step's class is declared where no module can export it, or cannot be made", async () => {
    const inner = await problems(
      `const make = () => { class Inner { @step async one() { return 1; } } return new Inner(); };\ng.step("a", make().one);`,
    );
    expect(inner).toEqual([["RP1202", "pipeline.ts:3:11", expect.stringContaining('calls "one"')]]);
    const needing = await problems(
      `class Needing { constructor(readonly n: number) {} @step async one() { return 1; } }\ng.step("a", new Needing(1).one);`,
    );
    expect(needing).toEqual([["RP1102", "pipeline.ts:4:29", expect.stringContaining('the step "one"')]]);
  });

  test("that an input does not fit, in TypeScript's words", async () => {
    const found = await problems(`g.step("a", load, { n: "1" });`);
    expect(found).toEqual([["TS2322", "pipeline.ts:4:21", expect.stringContaining("'string' is not assignable")]]);
  });
});
