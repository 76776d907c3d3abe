import { describe, expect, test } from "vitest";
import { compiled, problemsOf } from "../project.ts";

const source = (body: string) => `
  import { type Artifact, pipeline, step, Task } from "reprise";
  const make = step.monitor({ metrics: ["loss/*"], models: [["tree", "best tree"]] })(async () => {
    const model = await Task.current().artifact("model", { depth: 2 });
    return { model, maybe: model as Artifact | undefined };
  });
  const look = step(async ({ model }: { model: Artifact }) => (await model.json<{ depth: number }>()).depth);
  export default pipeline("artifacts", async () => { const { model, maybe } = await make(); ${body} });
`;

describe("an artifact", () => {
  test("is passed by steps, and a body may look at what it says of itself", async () => {
    const { pipeline } = await compiled(source("return model.bytes > 1_000 ? 0 : await look({ model });"));
    const artifact = { "x-type": "Artifact" };
    const { look, make } = pipeline.templates;
    expect(look).toMatchObject({ input: { properties: { model: artifact } } });
    expect(make).toMatchObject({
      output: { properties: { model: artifact } },
      options: { monitor: { metrics: ["loss/*"], models: [["tree", "best tree"]] } },
    });
  });

  test.each(["await model.json()", "await maybe?.text()", "model.stream()"])(
    "is not read in a body: %s",
    async (read) => {
      const problems = await problemsOf(source(`const read = ${read}; return [read === undefined];`));
      expect(problems.map(({ number, message }) => [number, message])).toEqual([
        [
          "RP3004",
          expect.stringMatching(/^`(json|text|stream)` of an artifact is not available in a pipeline's body\.$/),
        ],
      ]);
    },
  );

  test("is not monitored by an option that is none", async () => {
    const problems = await problemsOf(source("return look({ model });").replace('["loss/*"]', '["loss"]'));
    expect(problems).toMatchObject([
      { number: expect.stringMatching(/^RP1/), message: expect.stringContaining("monitor") },
    ]);
    expect(problems[0]!.message).toContain("a metric is named by title and series");
  });
});
