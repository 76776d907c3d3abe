/** Tasks as a program holds them. */
import { join } from "node:path";
import { firstValueFrom, lastValueFrom, toArray } from "rxjs";
import { describe, expect, test } from "vitest";
import * as p from "../runtime/controller/programs.ts";
import { does, projectWith, train } from "./scripts.ts";

const served = [{ queues: ["default", "services"], slots: 2 }];
const script = (folder: string) => ({ project: "examples", name: "train template", script: join(folder, "train.ts") });

describe("a script that is registered", () => {
  test("is a draft with the parameters that it connects, known without running it", async () => {
    const { reprise, folder } = await projectWith({ "train.ts": train });
    const task = await reprise.tasks.create(script(folder));
    expect(task).toMatchObject({ status: "draft", project: "examples", parameters: { rate: 0.8, steps: 3 } });
    expect(task.record.code).toMatchObject({
      kind: "script",
      entry: "train.ts",
      input: { type: "object", properties: { rate: { type: "number" }, steps: { type: "number" } } },
    });
    await expect(reprise.tasks.create({ ...script(folder), parameters: { rat: 1 } })).rejects.toThrow(
      'unknown param "rat": did you mean "rate"?',
    );
  });

  test("that does not compile is refused with its problems", async () => {
    const { reprise, folder } = await projectWith({ "train.ts": "const x: number = 'text';\n" });
    await expect(reprise.tasks.create(script(folder))).rejects.toThrow(/TS2322 train\.ts:1:7/);
    await expect(reprise.tasks.create({ ...script(folder), script: join(folder, "none.ts") })).rejects.toThrow(
      "There is no file",
    );
  });

  test("connects under names, as objects of objects, as enums and lists; what only runs will show is anything", async () => {
    const { reprise, folder } = await projectWith({
      "nested.ts": does(
        `type Kind = "small" | "large";
         await task.connect<{ kind: Kind; sizes: number[]; net: { layers: number } }>({ kind: "small", sizes: [1, 2], net: { layers: 3 } });
         const depth = Math.round(2.2);
         await task.connect({ depth, note: "x" }, "more");
         await task.connect({ seed: 1 }, "more");`,
      ),
      "open.ts": does("const given: object = JSON.parse('{}'); await task.connect(given, process.argv[2]);"),
    });
    const nested = await reprise.tasks.create({ script: join(folder, "nested.ts") });
    expect(nested.parameters).toEqual({
      kind: "small",
      sizes: [1, 2],
      net: { layers: 3 },
      more: { note: "x", seed: 1 },
    });
    expect((await nested.clone({ parameters: { more: { depth: 3, seed: 2 } } })).parameters.more).toEqual({
      depth: 3,
      seed: 2,
    });
    await expect(nested.updateParameters({ more: { sed: 1 } })).rejects.toThrow('unknown param "more.sed"');
    await expect(nested.updateParameters({ kind: "huge" })).rejects.toThrow('"kind": expected "large" or "small"');
    await expect(nested.updateParameters({ net: { layers: "3" } })).rejects.toThrow('"net.layers": expected a number');
    const open = await reprise.tasks.create({ script: join(folder, "open.ts") });
    expect((await open.setParameters({ whatever: [1] })).parameters).toEqual({ whatever: [1] });
  });
});

describe("a parameter without a default", () => {
  const reads = (defaults: string) =>
    `import type { Artifact } from "reprise";\n${does(
      `const { data } = await task.connect<{ data?: Artifact }>(${defaults});
       task.returns(data === undefined ? "nothing" : await data.text());`,
    )}`;
  const makes = does('await Task.current().artifact("note.txt", "hello");');

  test("may be an artifact of another task, which the script reads when it runs", async () => {
    const files = { "reads.ts": reads("{ data: undefined }"), "makes.ts": makes };
    const { reprise, folder } = await projectWith(files, served);
    const maker = await reprise.tasks.create({ script: join(folder, "makes.ts") });
    const made = await (await maker.enqueue()).wait({ timeout: "30s" });
    const reader = await reprise.tasks.create({ script: join(folder, "reads.ts") });
    await expect(reader.clone({ parameters: { data: "note.txt" } })).rejects.toThrow('"data": expected an artifact');
    const clone = await reader.clone({ parameters: { data: await made.artifact("note.txt") } });
    expect(await (await clone.enqueue()).wait({ timeout: "30s" })).toMatchObject({ output: "hello", error: undefined });
    expect(await (await reader.enqueue()).wait({ timeout: "30s" })).toMatchObject({ output: "nothing" });
  });

  test("is named all the same: a script that leaves it out would never get it, and does not compile", async () => {
    const { reprise, folder } = await projectWith({ "reads.ts": reads("{}") });
    await expect(reprise.tasks.create({ script: join(folder, "reads.ts") })).rejects.toThrow(
      /Property 'data' is missing/,
    );
  });
});

describe("parameters", () => {
  test("are replaced or merged, and one that does not fit is refused at once, by its name", async () => {
    const { reprise, folder } = await projectWith({ "train.ts": train });
    const clone = await reprise.tasks.clone(await reprise.tasks.create(script(folder)), { name: "the clone" });
    expect((await clone.updateParameters({ rate: 0.1 })).parameters).toEqual({ rate: 0.1, steps: 3 });
    expect((await clone.setParameters({ rate: 0.2 })).parameters).toEqual({ rate: 0.2 });
    await expect(clone.setParameters({ rate: "fast" })).rejects.toThrow(
      'wrong params: "rate": expected a number, got "fast"',
    );
    expect((await clone.reload()).parameters).toEqual({ rate: 0.2 });
    const template = await reprise.tasks.get({ project: "examples", name: "train template" });
    expect(template.parameters).toEqual({ rate: 0.8, steps: 3 });
    await expect(clone.clone({ parameters: { steps: "three" } })).rejects.toThrow('"steps": expected a number');
  });

  test("that two programs change at once are both kept", async () => {
    const { reprise, folder } = await projectWith({ "train.ts": train });
    const task = await reprise.tasks.create(script(folder));
    const again = await reprise.tasks.get(task.id);
    await Promise.all([task.updateParameters({ rate: 1 }), again.updateParameters({ steps: 9 })]);
    expect((await task.reload()).parameters).toEqual({ rate: 1, steps: 9 });
  });

  test("that are missing are named when the task is enqueued", async () => {
    const { reprise } = await projectWith({});
    const { controller } = await reprise.store.runs.register(counter);
    const draft = await reprise.tasks.clone(controller);
    await draft.updateParameters({});
    await expect(draft.enqueue()).rejects.toThrow('wrong params: "max": missing: expected a number');
    await draft.setParameters({ max: 2 });
    expect((await draft.enqueue()).status).toBe("queued");
  });

  test("can only be changed in a draft", async () => {
    const { reprise, folder } = await projectWith({ "train.ts": train });
    const task = await reprise.tasks.create(script(folder));
    await task.enqueue();
    await expect(task.updateParameters({ rate: 1 })).rejects.toThrow("only a draft can be edited: dequeue it first");
    await task.dequeue();
    expect((await task.updateParameters({ rate: 1 })).parameters).toMatchObject({ rate: 1 });
  });
});

/** Takes one number, and gives it. */
const counter = p.pipelineOf({}, [p.returns(p.variable("params"))], {
  name: "counter",
  params: { type: "object", properties: { max: { type: "number" } }, required: ["max"] },
});

describe("a task", () => {
  test("is found by its id and by its name, the newest first, not when it is archived", async () => {
    const { reprise, folder } = await projectWith({ "train.ts": train });
    const [one, two] = [await reprise.tasks.create(script(folder)), await reprise.tasks.create(script(folder))];
    const named = () => reprise.tasks.get({ project: "examples", name: "train template" });
    expect((await named()).id).toBe(two.id);
    await two.archive();
    expect((await named()).id).toBe(one.id);
    expect((await reprise.tasks.get(two.id)).record.archived).toBe(true);
    await expect(reprise.tasks.get({ project: "examples", name: "train templat" })).rejects.toThrow(
      'there is no task named "train templat" in the project "examples": did you mean "train template"?',
    );
    await expect(reprise.tasks.get({ project: "other", name: "train template" })).rejects.toThrow(
      'in the project "other"',
    );
    await expect(reprise.tasks.get(`${one.id}x`)).rejects.toThrow(`did you mean "${one.id}"?`);
  });

  test("is listed by what is asked for", async () => {
    const { reprise, folder } = await projectWith({ "train.ts": train });
    const one = await reprise.tasks.create({ ...script(folder), name: "b", tags: ["good"] });
    const two = await reprise.tasks.create({ ...script(folder), name: "a", project: "examples/old" });
    const ids = async (query?: Parameters<typeof reprise.tasks.query>[0]) =>
      (await reprise.tasks.query(query)).map(({ id }) => id);
    expect(await ids({ project: "examples", order: "name" })).toEqual([two.id, one.id]);
    expect(await ids({ tags: ["-good"] })).toEqual([two.id]);
    await two.archive();
    expect(await ids()).toEqual([one.id]);
    await expect(reprise.tasks.query({ order: "size" })).rejects.toThrow('"size" is no order of tasks');
    expect(await reprise.tasks.projects()).toEqual([{ name: "examples", tasks: 1 }]);
  });

  test("has tags, a comment, a configuration, and other options", async () => {
    const { reprise, folder } = await projectWith({ "train.ts": train });
    const task = await reprise.tasks.create(script(folder));
    await task.addTags("a", "b");
    await task.removeTags("a");
    await task.edit({
      comment: "looks good",
      name: "better",
      project: "examples/good",
      priority: 2,
      retry: 1,
      timeLimit: "5m",
    });
    await task.setConfiguration("net", { layers: [3] }, { description: "its layers" });
    expect(task).toMatchObject({ name: "better", project: "examples/good", tags: ["b"] });
    expect(task.record.options).toMatchObject({ priority: 2, timeLimitMs: 300_000, retry: { limit: 1 } });
    const clone = await task.clone();
    expect(await clone.configuration()).toEqual([{ name: "net", json: { layers: [3] }, description: "its layers" }]);
    await clone.setConfiguration("net", null);
    expect(await clone.configuration()).toEqual([]);
    await expect(task.edit({ project: "/" })).rejects.toThrow("is no name of a project");
    await clone.delete();
    await expect(clone.reload()).rejects.toThrow("there is no task");
  });

  test("runs, and says what it came to; reset, it is a draft again", async () => {
    const { reprise, folder } = await projectWith({ "train.ts": train }, served);
    const task = await reprise.tasks.create(script(folder));
    await task.updateParameters({ rate: 0.3 });
    const done = await (await task.enqueue()).wait({ timeout: "30s" });
    expect(done).toMatchObject({ status: "completed", output: { rate: 0.3 }, progressed: 1, error: undefined });
    expect(done.metric("loss", "validation")).toMatchObject({ last: 0.3 / 3, max: 0.3, min: 0.3 / 3 });
    expect(done.metric("loss", "training")).toBeUndefined();
    expect((await done.logs()).map(({ text }) => text)).toEqual(["the rate is 0.3"]);
    expect(await done.reset()).toMatchObject({
      status: "draft",
      output: undefined,
      parameters: { rate: 0.3 },
      metrics: [],
    });
  });

  test("that is a pipeline's run is cloned with other parameters, and run", async () => {
    const { reprise } = await projectWith({}, served);
    const { controller } = await reprise.store.runs.register(counter);
    const draft = await reprise.tasks.clone<{ max: number }, { max: number }>(controller, {
      name: "count",
      parameters: { max: 3 },
    });
    const done = await (await draft.enqueue()).wait({ timeout: "30s" });
    expect(done).toMatchObject({ status: "completed", output: { max: 3 } });
    const again = await done.clone({ parameters: { max: 4 } });
    expect(await (await again.enqueue()).wait({ timeout: "30s" })).toMatchObject({ output: { max: 4 } });
    expect(await (await done.reset()).enqueue().then((task) => task.wait())).toMatchObject({ output: { max: 3 } });
  });
});

describe("waiting", () => {
  test("for a status ends with it, and says where it was missed", async () => {
    const { reprise, folder } = await projectWith({ "train.ts": train }, served);
    const task = await reprise.tasks.create(script(folder));
    const [running, missed] = [
      task.wait({ status: "running" }),
      (await reprise.tasks.get(task.id)).wait({ status: "failed" }),
    ];
    missed.catch(() => {});
    await task.enqueue();
    expect((await running).id).toBe(task.id);
    await expect(missed).rejects.toThrow(`the task ${task.id} has ended as completed: it did not become failed`);
  });

  test("is given up after a time, or when a signal says so; the task goes on", async () => {
    const { reprise, folder } = await projectWith({ "train.ts": train });
    const task = await reprise.tasks.create(script(folder));
    await expect(task.wait({ timeout: 20 })).rejects.toMatchObject({ name: "TimeoutError" });
    const reason = new Error("enough");
    const controller = new AbortController();
    const waiting = task.wait({ signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(task.wait({ signal: controller.signal })).rejects.toBe(reason);
    expect((await task.reload()).status).toBe("draft");
  });

  test("where nobody serves the queue is told at once, by the task and by an event", async () => {
    const { reprise, folder } = await projectWith({ "train.ts": train }, served);
    const task = await reprise.tasks.create(script(folder));
    await reprise.tasks.enqueue(task, { queue: "gpu" });
    expect(task.unserved).toBe(true);
    const events = await reprise.store.events.read(task.id, 0);
    expect(events.at(-1)).toMatchObject({ kind: "unserved", queue: "gpu" });
    await task.dequeue();
    await reprise.tasks.enqueue(task, { queue: "default" });
    expect(task.unserved).toBe(false);
    await task.wait({ timeout: "30s" });
  });
});

describe("streams", () => {
  test("give every status, point, step of progress and line, to the end", async () => {
    const { reprise, folder } = await projectWith({ "train.ts": train }, served);
    const task = await reprise.tasks.create(script(folder));
    const all = Promise.all([
      lastValueFrom(task.status$.pipe(toArray())),
      lastValueFrom(task.metrics$.pipe(toArray())),
      lastValueFrom(task.progress$.pipe(toArray())),
      lastValueFrom(task.logs$.pipe(toArray())),
    ]);
    await task.enqueue();
    const [statuses, points, progress, lines] = await all;
    expect(statuses).toEqual(["draft", "queued", "running", "completed"]);
    expect(points.at(-1)).toEqual({ title: "loss", series: "validation", value: 0.8 / 3, iteration: 3 });
    expect(progress.at(-1)).toBe(1);
    expect(lines.map(({ text }) => text)).toEqual(["the rate is 0.8"]);
    expect(await lastValueFrom(task.metrics$.pipe(toArray()))).toEqual(points);
    expect(await firstValueFrom(task.status$)).toBe("completed");
  });
});
