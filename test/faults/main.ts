/**
 * npm run faults -- [--seed S] [--tasks N] [--losses L] [--agents A]
 *
 * Agents are killed at random while N tasks run, the one that runs their pipeline among them, until tasks were lost with their agents L times each on average.
 * Checks that each task was completed exactly once in the record, that every attempt is there to be seen, and that whoever followed missed nothing.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { compile } from "../../src/compiler/compile.ts";
import type { Event } from "../../src/model/event.ts";
import type { Pipeline } from "../../src/model/pipeline.ts";
import { decode, encode } from "../../src/model/value.ts";
import type { Store } from "../../src/runtime/ports.ts";
import { openStore } from "../../src/runtime/store/open.ts";
import { random } from "../oracle/order.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    tasks: { type: "string", default: "200" },
    losses: { type: "string", default: "2" },
    agents: { type: "string", default: "3" },
  },
});
const seed = Number(values.seed);
const tasks = Number(values.tasks);
const wantedLosses = tasks * Number(values.losses);
const run = "r";
const isStep = ({ task }: Event) => task !== run;

const folder = mkdtempSync(join(tmpdir(), "reprise-faults-"));
const agents = new Map<string, ChildProcess>();
const children = new Set<ChildProcess>();
let isOver = false;
try {
  console.log(`seed ${seed}`);
  const heard = await ended();
  await check(heard);
} finally {
  isOver = true;
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}

/** Runs the pipeline to its end, and kills meanwhile. Gives all that was heard. */
async function ended(): Promise<Event[]> {
  const pipeline = JSON.parse((await compile(join(import.meta.dirname, "pipeline.ts"))).text) as Pipeline;
  await using store = await openStore(folder);
  const { controller } = await store.runs.register(pipeline);
  await store.runs.start(controller, { id: run, params: { text: encode({ tasks, ms: 40 }) } });
  const draw = random(seed);
  const heard: Event[] = [];
  let losses = 0;
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const stop = store.events.follow(run, 0, (events) => {
    for (const event of events) {
      heard.push(event);
      if (event.kind === "retrying" && isStep(event)) losses += 1;
      if (event.kind === "running" && losses < wantedLosses && draw(3) === 0) kill(event.agent);
      if (!isStep(event) && (event.kind === "completed" || event.kind === "failed")) resolve();
    }
  });
  for (let i = 0; i < Number(values.agents); i++) start();
  await over;
  stop();
  return heard;
}

function start(): void {
  const program = join(import.meta.dirname, "agent.ts");
  const child = spawn(process.execPath, ["--conditions=reprise-source", "--no-warnings", program, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.add(child);
  createInterface({ input: child.stdout! }).once("line", (id) => agents.set(id, child));
  child.once("exit", () => {
    children.delete(child);
    if (!isOver) start();
  });
}

/** One that has not said its name yet lives on. */
function kill(agent: string): void {
  agents.get(agent)?.kill("SIGKILL");
  agents.delete(agent);
}

async function check(heard: readonly Event[]): Promise<void> {
  await using store = await openStore(folder);
  const told = await store.events.read(run, 0);
  same("what was followed and what is recorded", heard, told.slice(0, heard.length));
  const controller = (await store.tasks.get(run))!;
  same(
    "the result",
    controller.output && "text" in controller.output && decode(controller.output.text),
    (tasks * (tasks + 1)) / 2,
  );
  const steps = (await store.tasks.list({ run })).filter(({ id }) => id !== run);
  same("the tasks", steps.length, tasks);
  let attempts = 0;
  for (const { id } of [controller, ...steps]) attempts += await checkTask(store, id, told);
  same("what waits", await store.queue.entries("default"), []);
  const lost = attempts - tasks - 1;
  const ofRun = (await store.tasks.attempts(run)).length - 1;
  console.log(
    `${tasks} tasks completed once each; ${lost - ofRun} attempts of theirs were lost with their agents, and ${ofRun} of the pipeline's own`,
  );
}

/** Gives the number of its attempts. */
async function checkTask({ tasks }: Store, id: string, told: readonly Event[]): Promise<number> {
  const own = told.filter(({ task }) => task === id).map(({ kind }) => kind);
  const count = (kind: Event["kind"]) => own.filter((each) => each === kind).length;
  const attempts = await tasks.attempts(id);
  same(
    `${id} is completed once`,
    [(await tasks.get(id))?.status, count("completed"), count("failed")],
    ["completed", 1, 0],
  );
  same(
    `attempts of ${id}`,
    attempts.map(({ number }) => number),
    attempts.map((_, i) => i + 1),
  );
  same(
    `outcomes of ${id}`,
    attempts.map(({ outcome }) => outcome),
    [...attempts.slice(1).map(() => "lost"), "completed"],
  );
  same(
    `events of ${id}`,
    [count("created"), count("running"), count("retrying")],
    [1, attempts.length, attempts.length - 1],
  );
  return attempts.length;
}

function same(what: string, actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  throw new Error(
    `${what}: ${JSON.stringify(actual)?.slice(0, 400)}, and not ${JSON.stringify(expected)?.slice(0, 400)} (seed ${seed})`,
  );
}
