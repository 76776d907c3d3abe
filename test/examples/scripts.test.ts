/** The examples that are scripts, by hand and by agents in other processes. */
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
