/** The program of a step process: it runs the steps that the agent sends, one after the other, until the agent lets go of it. */
import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { optimizeEarly } from "../../../../model/early-optimization.ts";
import { bindHostLazily, type TaskHost, type TaskSource } from "../../../../model/task-handle.ts";
import { runStep, type StepEnd, threw } from "../run-step.ts";
import type { StepCall } from "../step-call.ts";
import { createStepContext } from "../step-context.ts";
import { boundaryBefore } from "./boundary.ts";
import { channelReporter } from "./channel-reporter.ts";
import { markLevels } from "./console-levels.ts";
import { createGate, openGate, passGate } from "./gate.ts";
import type { FromWorker, SentCalls, ToWorker } from "./protocol.ts";

/** Kept before a step may replace them. */
const streams = [process.stdout, process.stderr];

const tell = (message: FromWorker): void => void process.send!(message);
const reporter = channelReporter(tell);

type Running = { call: StepCall; number: number; begunAt: number; abort(): void };
let running: Running | undefined;

const gate = createGate();
/** What was sent and has not begun. */
let calls: StepCall[] = [];
/** The number of the first of them. */
let next = 0;
/** Of the last one whose place in the output is known. */
let placed = 0;
/** Nothing begins that was sent behind the last one. */
let stopped = false;
let busy = false;
/** A call that the agent has aborted, perhaps before it began. */
let aborted: number | undefined;

optimizeEarly();
markLevels();
provideTasks(process.argv[2]);
process.setSourceMapsEnabled(true);
process.on("message", hear);
process.on("disconnect", () => process.exit());
process.on("uncaughtException", uncaught);
process.on("unhandledRejection", uncaught);
holdLifeline();
tell({ kind: "ready" });

function provideTasks(source: string | undefined): void {
  if (source === undefined) return;
  const { module, place } = JSON.parse(source) as TaskSource;
  bindHostLazily(async () => {
    const { taskHostIn } = (await import(module)) as { taskHostIn(place: string): Promise<TaskHost> };
    return taskHostIn(place);
  });
}

function hear(message: ToWorker): void {
  switch (message.kind) {
    case "run":
      return receive(message);
    case "abort":
      aborted = message.number;
      if (running?.number === aborted) running.abort();
      return;
    case "end":
      return process.exit();
    case "answer":
      return reporter.answered(message.to, message.value, message.refused);
  }
}

function receive({ calls: more, first, behind, shuts }: SentCalls): void {
  if (behind) {
    if (!stopped) calls.push(...more);
  } else {
    stopped = false;
    calls = more;
    next = first;
    placed = first;
    aborted = undefined;
    openGate(gate, first, shuts);
  }
  if (!busy) void runAll();
}

async function runAll(): Promise<void> {
  busy = true;
  while (calls.length > 0) {
    if (placed < next) await place(next);
    // The agent may have taken them back.
    if (passGate(gate, next)) await run(calls.shift()!, next++);
    else calls = [];
  }
  busy = false;
}

async function run(call: StepCall, number: number): Promise<void> {
  const bound = createStepContext(call, reporter);
  const mine: Running = { call, number, begunAt: performance.now(), abort: bound.abort };
  running = mine;
  if (aborted === number) bound.abort();
  const end = await runStep(call, bound);
  await bound.close();
  // A rejection that nobody handles is announced at the end of this turn; it comes first.
  await new Promise(setImmediate);
  // Before the answer: then the agent has all of the output when it hears.
  if (calls.length > 0 && heldBack().length === 0) await place(next);
  if (running === mine) await finish(mine, end);
}

/** Marks in the output where that call begins. Where a pipe is full, the agent is about to read it. */
async function place(number: number): Promise<void> {
  placed = number;
  for (const fd of [1, 2]) while (isFull(fd, boundaryBefore(number))) await pause(1);
}

function isFull(fd: number, text: string): boolean {
  try {
    writeSync(fd, text);
    return false;
  } catch (error) {
    // What a step has closed takes no more, and needs no marks.
    return (error as NodeJS.ErrnoException).code === "EAGAIN";
  }
}

/** What nobody caught fails the step that runs; where none does, there is nobody to tell but the log. */
function uncaught(thrown: unknown): void {
  if (running) return void finish(running, threw(thrown, running.call), { spoiled: true });
  console.error(thrown);
  process.exit(1);
}

/** Resolves when the answer is out: a crash of the next step does not take it along. */
async function finish({ begunAt }: Running, end: StepEnd, spoiled?: { spoiled: true }): Promise<void> {
  running = undefined;
  reporter.flush();
  const held = heldBack();
  stopped = spoiled !== undefined || held.length > 0;
  if (stopped) calls = [];
  const ended = { ms: performance.now() - begunAt, ...(held.length > 0 && { printing: true as const }) };
  const answer: FromWorker =
    end.end === "returned"
      ? { kind: "returned", output: end.output, ...ended }
      : { kind: "threw", failure: end.failure, ...spoiled, ...ended };
  await new Promise<void>((resolve) => process.send!(answer, undefined, undefined, () => resolve()));
  if (held.length > 0) void Promise.all(held.map(written)).then(() => tell({ kind: "printed" }));
}

const heldBack = () => streams.filter(({ writableLength }) => writableLength > 0);

const written = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => void stream.write("", () => resolve()));

/** A step that computes without a pause does not hear that the agent is gone, nor what it takes back; a thread beside it does. */
function holdLifeline(): void {
  const file = createRequire(import.meta.url).resolve("#step-lifeline");
  new Worker(file, {
    workerData: gate,
    env: SHARE_ENV,
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
  }).unref();
}
