import { expect, test } from "vitest";
import { compiled, problemsOf } from "../project.ts";

const imports = 'import { pipeline, template, withOptions } from "reprise";\n';

test("a template is named by its variable, and says which task it is, what it takes and gives, and what it overrides", async () => {
  const { pipeline } = await compiled({
    "pipeline.ts": `${imports}
      const project = "examples";
      const train = template<{ rate: number; steps?: number }, { loss: number }>({ project, name: "train template", queue: "gpu", timeLimit: "1m" });
      const exact = template({ id: "m1x7k2" });
      export default pipeline("t", async ({ rate }: { rate: number }) => {
        const { loss } = await train({ rate });
        await withOptions(train, { priority: 3 })({ rate });
        await exact({});
        return loss;
      });`,
  });
  expect(pipeline.templates.train).toMatchObject({
    kind: "task",
    task: { project: "examples", name: "train template" },
    options: { queue: "gpu", timeLimitMs: 60_000 },
    input: { properties: { rate: { type: "number" }, steps: { type: "number" } }, required: ["rate"] },
    output: { properties: { loss: { type: "number" } } },
  });
  expect(pipeline.templates.train$2).toMatchObject({
    kind: "task",
    options: { queue: "gpu", timeLimitMs: 60_000, priority: 3 },
  });
  expect(pipeline.templates.exact).toMatchObject({ kind: "task", task: { id: "m1x7k2" }, options: {} });
  expect(pipeline.bundles).toEqual({});
});

test("in a class and in a graph a template is called as a step is", async () => {
  const { pipeline } = await compiled({
    "pipeline.ts": `${imports}
      const train = template<{ rate: number }, { loss: number }>({ name: "train" });
      @pipeline("classy") export class Classy { async run() { const { loss } = await train({ rate: 1 }); return loss; } }`,
  });
  expect(Object.keys(pipeline.templates)).toEqual(["train"]);
  const { pipeline: graph } = await compiled({
    "pipeline.ts": `${imports}
      const train = template<{ rate: number }, { loss: number }>({ name: "train" });
      const g = pipeline.graph("built");
      const first = g.step("first", train, { rate: 0.5 });
      const second = g.step("second", train, { rate: first.loss });
      g.returns(second.loss);
      export default g;`,
  });
  expect(graph.templates).toMatchObject({ train: { kind: "task", task: { name: "train" } } });
});

test("a template whose task is not known before the program runs, or that names none, is a problem; so is a wrong input", async () => {
  const problems = await problemsOf({
    "pipeline.ts": `${imports}
      const later = template<{ rate: number }>({ name: String(Math.random()) });
      const none = template<{ rate: number }>({ name: "" });
      export default pipeline("t", async () => { await later({ rate: 1 }); await none({ rate: "x" }); });`,
  });
  expect(problems.map(({ number }) => number)).toEqual(["RP1013", "RP1017", "TS2322"]);
});
