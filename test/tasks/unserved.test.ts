/** Agents in processes of their own that die: what waits for them says so at once, whoever looks. */
import { expect, test } from "vitest";
import { type Running, start } from "../cli/command-line.ts";
import * as p from "../runtime/controller/programs.ts";
import { projectWith, train } from "./scripts.ts";

async function agent(folder: string, store: string, queue: string): Promise<Running> {
  const agent = start(["agent", "--queue", queue, "--isolation", "inline", "--store", store], { cwd: folder });
  await expect.poll(() => agent.said.stdout, { timeout: 20_000 }).toContain("Ctrl-C to stop");
  return agent;
}

test("a task that waits says that its last agent was killed, and that another has come", async () => {
  const { reprise, folder, store } = await projectWith({ "train.ts": train });
  const told = async () =>
    (await reprise.store.events.read(task.id, 0)).map(({ kind }) => kind).filter((kind) => kind !== "edited");
  const first = await agent(folder, store, "gpu");
  await reprise.store.queue.pause("gpu", true);
  const task = await reprise.tasks.create({ project: "x", name: "train", script: `${folder}/train.ts` });
  await reprise.tasks.enqueue(task, { queue: "gpu" });
  expect(task.unserved).toBe(false);
  first.child.kill("SIGKILL");
  await first.ended;
  await expect.poll(told, { timeout: 10_000 }).toEqual(["created", "queued", "unserved"]);
  expect((await task.reload()).unserved).toBe(true);
  const second = await agent(folder, store, "gpu");
  expect(await told()).toEqual(["created", "queued", "unserved", "placed"]);
  await reprise.store.queue.pause("gpu", false);
  expect(await task.wait({ timeout: "20s" })).toMatchObject({ status: "completed" });
  second.child.kill("SIGTERM");
  await second.ended;
});

const counter = p.pipelineOf({}, [p.returns(1)], { name: "counter" });

test("a run that is watched in a terminal says that the agent it waits for was killed", async () => {
  const { reprise, folder, store } = await projectWith({ "counter.json": JSON.stringify(counter) });
  await reprise.store.queue.pause("services", true);
  const served = await agent(folder, store, "services");
  const args = ["run", "counter.json", "--queue", "services", "--id", "r", "--store", store];
  const watched = start(args, { cwd: folder });
  await expect.poll(() => reprise.store.tasks.get("r"), { timeout: 20_000 }).toMatchObject({ status: "queued" });
  await reprise.close();
  expect(watched.said.stdout).toBe("");
  served.child.kill("SIGKILL");
  await expect
    .poll(() => watched.said.stdout, { timeout: 20_000 })
    .toContain("○ the run: no agent serves the queue services");
  watched.child.kill("SIGKILL");
  await watched.ended;
});

test("a run that is enqueued where nobody serves says so, also to who does not wait for it", async () => {
  const { folder, store } = await projectWith({ "counter.json": JSON.stringify(counter) });
  const args = ["run", "counter.json", "--queue", "night", "--detach", "--id", "r", "--store", store];
  const { code, stderr } = await start(args, { cwd: folder }).ended;
  expect([code, stderr]).toEqual([
    0,
    'the task r waits in the queue "night", which no living agent serves: start one with reprise agent --queue night\n',
  ]);
});

test("who waits for a task hears that it was deleted by another process", async () => {
  const { reprise, folder, store } = await projectWith({ "train.ts": train });
  const task = await reprise.tasks.create({ project: "x", name: "train", script: `${folder}/train.ts` });
  const waiting = task.wait({ timeout: "20s" });
  waiting.catch(() => {});
  const { code, stderr } = await start(["task", "delete", task.id, "--store", store], { cwd: folder }).ended;
  expect([code, stderr]).toEqual([0, ""]);
  await expect(waiting).rejects.toThrow(`the task "${task.id}" was deleted`);
});
