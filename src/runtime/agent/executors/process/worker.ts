/** The program of a step process: it runs the steps that the agent sends, one after the other, until the agent lets go of it. */
import { createRequire } from "node:module";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { optimizeEarly } from "../../../../model/early-optimization.ts";
import { bindHostLazily, type TaskHost, type TaskSource } from "../../../../model/task-handle.ts";
import { runStep, type StepEnd, threw } from "../run-step.ts";
import type { StepCall } from "../step-call.ts";
import { createStepContext } from "../step-context.ts";
import { channelReporter } from "./channel-reporter.ts";
import { markLevels } from "./console-levels.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

/** Kept before a step may replace them. */
const streams = [process.stdout, process.stderr];

const tell = (message: FromWorker): void => void process.send!(message);
const reporter = channelReporter(tell);

type Running = { call: StepCall; begunAt: number; abort(): void };
let running: Running | undefined;

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
      return void run(message.call);
    case "abort":
      return running?.abort();
    case "end":
      return process.exit();
    case "answer":
      return reporter.answered(message.to, message.value, message.refused);
  }
}

async function run(call: StepCall): Promise<void> {
  const bound = createStepContext(call, reporter);
  const mine: Running = { call, begunAt: performance.now(), abort: bound.abort };
  running = mine;
  const end = await runStep(call, bound);
  await bound.close();
  // A rejection that nobody handles is announced at the end of this turn; it comes first.
  await new Promise(setImmediate);
  if (running === mine) finish(mine, end);
}

/** What nobody caught fails the step that runs; where none does, there is nobody to tell but the log. */
function uncaught(thrown: unknown): void {
  if (running) return finish(running, threw(thrown, running.call), { spoiled: true });
  console.error(thrown);
  process.exit(1);
}

function finish({ begunAt }: Running, end: StepEnd, spoiled?: { spoiled: true }): void {
  running = undefined;
  reporter.flush();
  const held = streams.filter(({ writableLength }) => writableLength > 0);
  const ended = { ms: performance.now() - begunAt, ...(held.length > 0 && { printing: true as const }) };
  if (end.end === "returned") tell({ kind: "returned", output: end.output, ...ended });
  else tell({ kind: "threw", failure: end.failure, ...spoiled, ...ended });
  if (held.length > 0) void Promise.all(held.map(written)).then(() => tell({ kind: "printed" }));
}

const written = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => void stream.write("", () => resolve()));

/** A step that computes without a pause does not hear that the agent is gone; a thread beside it does. */
function holdLifeline(): void {
  const file = createRequire(import.meta.url).resolve("#step-lifeline");
  new Worker(file, {
    env: SHARE_ENV,
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
  }).unref();
}
