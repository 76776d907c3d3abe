/** The examples that are scripts, or work with such tasks and with other pipelines, by hand and by agents in other processes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { open, type Reprise } from "../../src/open.ts";
import { start } from "../cli/command-line.ts";

const checkout = join(import.meta.dirname, "../..");
const example = (file: string) => join(checkout, "examples", file);
const store = mkdtempSync(join(tmpdir(), "reprise-examples-"));
const env = { REPRISE_STORE: store };
const agents: ChildProcess[] = [];
let reprise: Reprise;

beforeAll(async () => {
  reprise = await open({ store, agents: [] });
  await Promise.all(["services", "gpu,default"].map(serve));
}, 60_000);

/** Resolves when the agent has said that it serves. */
async function serve(queues: string): Promise<void> {
  const { child } = start(["agent", "--queue", queues, "--slots", "2"], { cwd: checkout, env });
  agents.push(child);
  const [said] = await once(child.stdout!, "data");
  expect(String(said)).toContain("serving");
}

afterAll(async () => {
  const ended = agents.map((agent) => once(agent, "exit"));
  for (const agent of agents) agent.kill("SIGTERM");
  expect((await Promise.all(ended)).map(([code]) => code)).toEqual([0, 0]);
  expect(await reprise.store.queue.agents()).toEqual([]);
  await reprise.close();
  rmSync(store, { recursive: true, force: true });
}, 60_000);

const create = (name: string, file: string, type: "training" | "controller" | "optimizer" = "training") =>
  reprise.tasks.create({ project: "examples", name, script: example(file), type });

async function byHand(file: string): Promise<string> {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, ["--conditions=reprise-source", example(file)], {
    cwd: checkout,
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, "close");
  expect(code).toBe(0);
  return said;
}

const timeout = "100s";

test("custom pipeline: the controller clones, sets, enqueues, waits on a metric and reruns, on agents in other processes", {
  timeout: 120_000,
}, async () => {
  const train = await create("train template", "custom-pipeline/train.ts");
  await create("report template", "custom-pipeline/report.ts");
  const controller = await create("controller", "custom-pipeline/controller.ts", "controller");
  const done = await (await controller.enqueue()).wait({ timeout });
  expect(done, String(done.error)).toMatchObject({ status: "completed", record: { options: { queue: "services" } } });

  const clones = (await reprise.tasks.query({ parent: train.id })).reverse();
  expect(clones.map(({ parameters }) => parameters.rate)).toEqual([0.8, 0.4]);
  expect(clones.map(({ status, name }) => [status, name])).toEqual(
    Array(2).fill(["completed", "Auto generated cloned task"]),
  );
  const [bad, good] = clones.map((clone) => clone.metric("loss", "validation")!.last) as [number, number];
  expect(bad).toBeGreaterThan(0.01);
  expect(good).toBeLessThan(0.01);
  expect(done.output).toEqual({ best: clones[1]!.id, parameters: { rate: 0.4, steps: 20 } });
  expect((await train.reload()).parameters).toEqual({ rate: 0.8, steps: 20 });
  const report = await reprise.tasks.get({ project: "examples", name: "Second Cloned Task" });
  expect(await (await report.artifact("report.json")).json()).toMatchObject({ best: clones[1]!.id });
});

test("template: by hand it says its default, its clone what the controller gave it; the template stays as it is", async () => {
  expect(await byHand("template/template.ts")).toBe("exampleParam is 1\n");
  const controller = await create("toy controller", "template/orchestrate.ts", "controller");
  expect((await (await controller.enqueue()).wait({ timeout })).status).toBe("completed");
  const clone = await (await reprise.tasks.get({ project: "examples", name: "Toy Clone" })).wait({ timeout });
  expect((await clone.logs()).map(({ text }) => text)).toEqual(["exampleParam is 3"]);
  expect((await reprise.tasks.get({ project: "examples", name: "Toy Base Task" })).parameters).toEqual({
    exampleParam: 1,
  });
});

test("random search: three clones of the template with samples of the search space", async () => {
  const template = await create("searched", "custom-pipeline/train.ts");
  const search = await create("search", "random-search/search.ts", "optimizer");
  await search.updateParameters({ base: "searched" });
  expect((await (await search.enqueue()).wait({ timeout })).status).toBe("completed");
  const clones = await reprise.tasks.query({ parent: template.id, tags: ["random search"], order: "name" });
  expect(clones.map(({ name }) => name)).toEqual(["searched 0", "searched 1", "searched 2"]);
  const ended = await Promise.all(clones.map((clone) => clone.wait({ timeout })));
  for (const { status, parameters } of ended) {
    expect(status).toBe("completed");
    expect([0.05, 0.1, 0.2, 0.3]).toContain(parameters.rate);
  }
});

test("execute remotely: the first epoch here, all of them on an agent", async () => {
  expect(await byHand("execute-remotely/train.ts")).toBe("epoch 1\n");
  const task = await (await reprise.tasks.get({ project: "examples", name: "Remote Training" })).wait({ timeout });
  expect(task).toMatchObject({ status: "completed", output: { epochs: 3 }, record: { attempt: 2 } });
  expect(task.metric("loss", "training")).toMatchObject({ count: 3 });
});

test("several tasks: each has its own values and lines", async () => {
  expect(await byHand("several-tasks/script.ts")).toBe("task 1\ntask 2\ntask 3\n");
  const tasks = await reprise.tasks.query({ text: "of one process", order: "name" });
  expect(tasks.map((task) => [task.status, task.metric("value", "squares")?.last])).toEqual([
    ["completed", 100],
    ["completed", 400],
    ["completed", 900],
  ]);
  expect((await tasks[1]!.logs()).map(({ text }) => text)).toEqual(["task 2"]);
});

test("parameters: of every kind, kept as they are; a clone with a wrong one is refused, with the field's name", async () => {
  const task = await create("parameters", "parameters/script.ts");
  expect(task.parameters).toEqual({
    optimizer: "adam",
    layers: [64, 32],
    decay: { rate: 0.9 },
    data: { shuffle: true, note: "" },
  });
  for (const [wrong, reason] of [
    [{ optimizer: "adagrad" }, '"optimizer": expected "adam" or "sgd", got "adagrad"'],
    [{ layers: [64, "32"] }, '"layers[1]": expected a number, got "32"'],
    [{ decay: { every: 3 } }, '"decay.rate": missing'],
    [{ data: { shufle: false } }, 'unknown param "data.shufle": did you mean "shuffle"?'],
  ] as const)
    await expect(task.clone({ parameters: wrong })).rejects.toThrow(reason);
  const clone = await task.clone({ parameters: { optimizer: "sgd", layers: [], data: { note: "none" } } });
  await clone.setConfiguration("labels", { 0: "owl" });
  const done = await (await clone.enqueue({ queue: "gpu" })).wait({ timeout });
  expect(done.output, String(done.error)).toEqual({
    optimizer: "sgd",
    layers: [],
    decay: { rate: 0.9 },
    shuffle: true,
    note: "none",
    labels: { 0: "owl" },
  });
});

test("pick the best: the same templates twice at once, with different parameters; the better one is published", {
  timeout: 120_000,
}, async () => {
  const preprocess = await create("preprocess", "pick-the-best/preprocess.ts");
  const train = await create("train on a table", "pick-the-best/train.ts");
  const run = await reprise.start({ file: example("pick-the-best/pipeline.ts") });
  const { best, accuracies } = (await run.result()) as { best: string; accuracies: number[] };
  const trained = await reprise.store.tasks.list({ parent: train.id, order: "created" });
  const prepared = await reprise.store.tasks.list({ parent: preprocess.id, order: "created" });
  expect(accuracies).toEqual([expect.closeTo(0.9, 1), 1]);
  expect(best).toBe(trained.find(({ published }) => published)?.id);
  expect((await reprise.tasks.get(best)).tags).toEqual(["best"]);
  // Both were made before either had ended.
  expect(prepared[1]!.createdAt).toBeLessThan(prepared[0]!.endedAt!);
  expect(prepared.map(({ status }) => status)).toEqual(["completed", "completed"]);
});

test("rerun pipeline: a controller runs a registered pipeline again until its metric is good enough", {
  timeout: 120_000,
}, async () => {
  const { code, stderr } = await start(["push", "examples/rerun-pipeline/pipeline.ts", "--project", "examples"], {
    cwd: checkout,
    env,
  }).ended;
  expect(code, stderr).toBe(0);
  expect((await byHand("rerun-pipeline/controller.ts")).split("\n")).toEqual([
    expect.stringMatching(/^with 100 darts the error is 0\.\d+$/),
    expect.stringMatching(/^with 1000 darts the error is 0\.\d+$/),
    "",
  ]);
  const controller = await reprise.tasks.get({ project: "examples", name: "Until It Is Good" });
  expect(controller).toMatchObject({ status: "completed", output: { darts: 10_000 } });
  const runs = await reprise.tasks.query({ text: "throw 1", order: "created" });
  expect(runs.map((run) => [run.parameters, run.status])).toEqual(
    [100, 1_000, 10_000].map((darts) => [{ darts }, "completed"]),
  );
  const errors = runs.map((run) => run.metric("error", "pi")!.last);
  expect(errors.map((error) => error > 0.002)).toEqual([true, true, false]);
});

test("pipelines: training launches data preparation twice, each a run of its own, and uses what they give", {
  timeout: 120_000,
}, async () => {
  const run = await reprise.start({ file: example("pipelines/pipeline.ts") }, {}, { queue: "services" });
  const trained = (await run.result()) as { slope: number; dropped: number };
  expect(trained.slope).toBeCloseTo(2, 1);
  const called = (await reprise.store.tasks.list({ run: run.id, name: "prepare" })).map(({ id }) => id);
  expect(called).toHaveLength(2);
  const dropped = await Promise.all(
    called.map(async (id) => ((await reprise.tasks.get(id)).output as typeof trained).dropped),
  );
  expect(trained.dropped).toBe(dropped[0]! + dropped[1]!);
});
