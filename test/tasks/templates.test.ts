/** Tasks as steps of pipelines. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CodeTemplate, JsonSchema, TaskTemplate } from "../../src/model/template.ts";
import * as p from "../runtime/controller/programs.ts";
import { does, projectWith, train } from "./scripts.ts";

const served = [{ queues: ["default", "services"], slots: 2 }];

/** `const a = await train({ rate }); return a;` */
const calling = (task: TaskTemplate["task"], options: TaskTemplate["options"] = {}) => {
  const made = p.pipelineOf(
    {},
    [
      p.call("train", p.object({ rate: p.member(p.variable("params"), "rate") }), "trained"),
      p.wait(p.variable("trained"), "a"),
      p.returns(p.variable("a")),
    ],
    { name: "calls a task", params: { type: "object", properties: { rate: {} } } },
  );
  return { ...made, templates: { train: { kind: "task" as const, task, options } } };
};

const files = {
  "train.ts": train,
  "told.ts": does(
    'const net = await task.connectConfiguration("net", "none"); task.returns({ net, ...(await task.connect({ rate: 1 })) });',
  ),
};

describe("a pipeline that calls a task of the store", () => {
  test("clones it with the input over its parameters, and gets what it returns; the task stays as it is", async () => {
    const { reprise, folder } = await projectWith(files, served);
    const task = await reprise.tasks.create({ project: "examples", name: "train", script: join(folder, "train.ts") });
    const run = await reprise.start(calling({ project: "examples", name: "train" }), { rate: 0.3 });
    expect(await run.result()).toEqual({ rate: 0.3 });
    const step = await reprise.tasks.get(`${run.id}/train`);
    expect(step).toMatchObject({
      status: "completed",
      parameters: { rate: 0.3, steps: 3 },
      record: { parent: task.id, run: run.id },
    });
    expect(step.metric("loss", "validation")).toMatchObject({ count: 3 });
    expect((await task.reload()).parameters).toEqual({ rate: 0.8, steps: 3 });
  });

  test("takes its configuration along, and runs where the template says", async () => {
    const { reprise, folder } = await projectWith(files, [{ queues: ["services", "other"], slots: 1 }]);
    const task = await reprise.tasks.create({ script: join(folder, "told.ts") });
    await task.setConfiguration("net", "deep");
    const run = await reprise.start(calling({ id: task.id }, { queue: "other" }), { rate: 2 });
    expect(await run.result()).toEqual({ net: "deep", rate: 2 });
  });

  test("brings an agent for its queue, where the run is alone", async () => {
    const { reprise, folder, store } = await projectWith(files);
    await reprise.tasks.create({ name: "train", script: join(folder, "train.ts"), queue: "gpu" });
    const { open } = await import("../../src/open.ts");
    await using alone = await open({ store, slots: 1 });
    expect(await (await alone.start(calling({ name: "train" }), { rate: 0.4 })).result()).toEqual({ rate: 0.4 });
  });

  test("calls a registered pipeline as a run of its own", async () => {
    const { reprise } = await projectWith({}, served);
    const { controller } = await reprise.store.runs.register(
      p.pipelineOf({}, [p.returns(p.variable("params"))], {
        name: "inner",
        params: { type: "object", properties: { rate: { type: "number" } } },
      }),
    );
    await reprise.tasks.clone(controller, { name: "inner" });
    const run = await reprise.start(calling({ name: "inner" }), { rate: 5 });
    expect(await run.result()).toEqual({ rate: 5 });
    expect((await reprise.store.tasks.get(`${run.id}/train`))!.code.kind).toBe("controller");
  });

  test("fails with a sentence where the task is not there, before anything runs, or the input does not fit it", async () => {
    const { reprise, folder } = await projectWith(files, served);
    await reprise.tasks.create({ name: "train", script: join(folder, "train.ts") });
    const missing = await reprise.start(calling({ project: "p", name: "train" }), { rate: 1 });
    await expect(missing.result()).rejects.toMatchObject({
      name: "ConflictError",
      message: 'there is no task named "train" in the project "p"',
    });
    const wrong = await reprise.start(calling({ name: "train" }), { rate: "fast" });
    await expect(wrong.result()).rejects.toMatchObject({
      name: "ParamsError",
      message: 'wrong params: "rate": expected a number, got "fast"',
    });
  });
});

describe("what a pipeline declares of a task's input", () => {
  /** As the compiler writes `template<{ … }, …>(…)`. */
  const declaring = (input: JsonSchema, name = "train") => {
    const made = calling({ name });
    return { ...made, templates: { train: { ...made.templates.train, input } } };
  };
  const object = (properties: Record<string, JsonSchema>, others: object = {}): JsonSchema => ({
    type: "object",
    properties,
    ...others,
  });
  const number = { type: "number" };

  test("and can never fit is refused as the run starts, with each field's name", async () => {
    const { reprise, folder } = await projectWith(files, served);
    await reprise.tasks.create({ name: "train", script: join(folder, "train.ts") });
    for (const [input, reason] of [
      [object({ rat: number }), 'the template "train": the task has no param "rat": did you mean "rate"?'],
      [object({ rate: { enum: ["fast"] } }), '"rate": declared as a string, and the task takes a number'],
    ] as const)
      await expect(reprise.start(declaring(input), { rate: 1 })).rejects.toMatchObject({
        name: "ParamsError",
        message: expect.stringContaining(reason),
      });
    expect(await reprise.store.tasks.list({ type: "controller" })).toEqual([]);
    const fits = declaring(object({ rate: { anyOf: [{ type: "null" }, { type: "integer" }] } }));
    expect(await (await reprise.start(fits, { rate: 2 })).result()).toEqual({ rate: 2 });
  });

  test("and leaves out what the task needs is refused, unless the task has it, or anything may be given", async () => {
    const { reprise } = await projectWith({}, served);
    const { controller } = await reprise.store.runs.register(
      p.pipelineOf({}, [p.returns(p.variable("params"))], {
        name: "inner",
        params: object({ rate: number, size: number }, { required: ["size"] }) as JsonSchema & object,
      }),
    );
    const inner = await reprise.tasks.clone(controller, { name: "inner" });
    const input = object({ rate: number });
    const start = (declared: JsonSchema) => reprise.start(declaring(declared, "inner"), { rate: 1 });
    await expect(start(input)).rejects.toThrow('"size": missing: the task takes a number');
    await expect((await start(object({}, { additionalProperties: {} }))).result()).rejects.toThrow(
      'wrong params: "size": missing',
    );
    await inner.setParameters({ size: 3 });
    expect(await (await start(input)).result()).toEqual({ rate: 1, size: 3 });
  });

  test("is looked at again as an enqueued run begins, whose task was made later", async () => {
    const { reprise, folder } = await projectWith(files, served);
    const run = await reprise.start(declaring(object({ rat: number })), { rate: 1 }, { queue: "later" });
    await reprise.tasks.create({ name: "train", script: join(folder, "train.ts") });
    await reprise.store.queue.move(run.id, { queue: "services" });
    await expect(run.result()).rejects.toMatchObject({
      name: "ParamsError",
      message: expect.stringContaining('no param "rat"'),
    });
    expect(await reprise.store.tasks.list({ run: run.id })).toHaveLength(1);
  });
});

test("a step that waits where nobody listens says so at once, and no other step does", async () => {
  const { reprise } = await projectWith({}, served);
  const pipeline = p.pipelineOf(
    { near: "async () => 1", far: "async () => 2" },
    [
      p.call("near", p.object({}), "a"),
      p.wait(p.variable("a"), "one"),
      p.call("far", p.object({}), "b"),
      p.wait(p.variable("b"), "two"),
    ],
    { name: "far away" },
  );
  const far = pipeline.templates.far as CodeTemplate;
  far.options = { ...far.options, queue: "gpu" };
  const run = await reprise.start(pipeline);
  await expect
    .poll(async () => (await reprise.store.events.read(run.id, 0)).filter(({ kind }) => kind === "unserved"))
    .toEqual([expect.objectContaining({ task: `${run.id}/far`, queue: "gpu" })]);
  expect((await reprise.tasks.get(`${run.id}/far`)).unserved).toBe(true);
  await run.abort();
});

test("a run that is enqueued where nobody listens says so", async () => {
  const { reprise } = await projectWith({});
  const run = await reprise.start(p.pipelineOf({}, [p.returns(1)], { name: "alone" }), undefined, { queue: "night" });
  expect((await reprise.store.events.read(run.id, 0)).at(-1)).toMatchObject({ kind: "unserved", queue: "night" });
});

test("a step finds tasks in the store of its agent", { timeout: 90_000 }, async () => {
  const { reprise, folder } = await projectWith(files, served);
  await reprise.tasks.create({ name: "train", script: join(folder, "train.ts") });
  const look =
    'async () => (await (await globalThis[Symbol.for("reprise.taskHost")]).query({ name: "train" })).map(({ status }) => status)';
  const run = await reprise.start(
    p.pipelineOf(
      { look },
      [p.call("look", p.object({}), "a"), p.wait(p.variable("a"), "b"), p.returns(p.variable("b"))],
      { name: "looks" },
    ),
  );
  expect(await run.result()).toEqual(["draft"]);
});
