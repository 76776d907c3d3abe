import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile, listPipelines } from "../../../src/compiler/compile.ts";
import { problemsOf, project } from "../project.ts";

const several = {
  "pipeline.ts": `
    import { pipeline } from "reprise";
    export const nightly = pipeline({ name: "every night", queue: "night" }, async () => 1);
    export const weekly = pipeline.timeLimit("1h")("weekly report", async () => 2);
    const hidden = pipeline(async () => 3);
    export { other } from "./other.ts";
  `,
  "other.ts": `
    import { pipeline } from "reprise";
    export const other = pipeline("the other", body);
    async function body() { return 4; }
    export const notListed = pipeline("not listed", async () => 5);
  `,
};

describe("a file with several pipelines", () => {
  const file = join(project(several), "pipeline.ts");

  test("lists them", async () => {
    expect(await listPipelines(file)).toEqual([
      { name: "every night", export: "nightly", at: "pipeline.ts:3:28" },
      { name: "weekly report", export: "weekly", at: "pipeline.ts:4:27" },
      { name: "hidden", at: "pipeline.ts:5:20" },
      { name: "the other", export: "other", at: "other.ts:3:26" },
    ]);
  });

  test("is asked for one by its name or by its export", async () => {
    expect((await compile(file, { pipeline: "every night" })).pipeline).toMatchObject({ options: { queue: "night" } });
    expect((await compile(file, { pipeline: "weekly" })).pipeline).toMatchObject({
      name: "weekly report",
      options: { type: "controller", queue: "services", timeLimitMs: 3_600_000 },
    });
    expect((await compile(file, { pipeline: "the other" })).pipeline.at).toBe("other.ts:3:26");
  });

  test("does not guess", async () => {
    await expect(compile(file)).rejects.toThrow(/RP1003.*\n.*"every night", "weekly report", "hidden", "the other"/);
    await expect(compile(file, { pipeline: "daily" })).rejects.toThrow(/RP1004.*\n.*no pipeline "daily"/);
  });
});

test("the default export is what a file is asked for, whatever else it declares", async () => {
  const folder = project({
    "pipeline.ts": `
      import { pipeline } from "reprise";
      export const other = pipeline("other", async () => 1);
      const main = pipeline("main", async () => 2);
      export default main;
    `,
  });
  expect((await compile(join(folder, "pipeline.ts"))).pipeline.name).toBe("main");
});

test("a file that is not there, and one without a pipeline, say so", async () => {
  await expect(compile("/nowhere/pipeline.ts")).rejects.toMatchObject({
    name: "CompileError",
    problems: [{ number: "RP1001", message: "There is no file /nowhere/pipeline.ts." }],
  });
  expect(await problemsOf("export const a = 1;")).toMatchObject([{ number: "RP1002" }]);
});

test("a file is found through a symbolic link to its folder", async () => {
  const folder = project({
    "inside/pipeline.ts": `
      import { pipeline, step } from "reprise";
      const one = step(async () => 1);
      export default pipeline("linked", async () => await one());
    `,
  });
  symlinkSync(join(folder, "inside"), join(folder, "link"));
  const { pipeline } = await compile(join(folder, "link", "pipeline.ts"));
  expect(pipeline).toMatchObject({ name: "linked", at: "inside/pipeline.ts:4:22" });
});

test("what a failure means for the rest is an option of pipelines, in every door, and of no step", async () => {
  const folder = project({
    "pipeline.ts": `
      import { pipeline } from "reprise";
      export const goes = pipeline.onFailure("continue")("goes on", async () => 1);
      export const stops = pipeline({ name: "stops", onFailure: "stop" }, async () => 1);
      export const built = pipeline.onFailure("finish").graph("built");
    `,
  });
  const optionsOf = async (name: string) =>
    (await compile(join(folder, "pipeline.ts"), { pipeline: name })).pipeline.options.onFailure;
  expect(await Promise.all(["goes on", "stops", "built"].map(optionsOf))).toEqual(["continue", undefined, "finish"]);
  const found = await problemsOf(`
    import { pipeline, step } from "reprise";
    const one = step.onFailure("continue")(async () => 1);
    export default pipeline({ name: "p", onFailure: "later" as "stop" }, async () => await one());
  `);
  expect(found.map(({ number, message }) => [number, message])).toEqual([
    [
      "RP1015",
      'The option onFailure of the step "one" is wrong: it is an option of pipelines, and a step calls nothing.',
    ],
    ["RP1015", expect.stringContaining('The option onFailure of the pipeline "p" is wrong')],
  ]);
});
