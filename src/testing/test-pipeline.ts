import { join } from "node:path";
import { graphsOf } from "../model/definition.ts";
import { type Duration, durationMs } from "../model/duration.ts";
import { checkParams } from "../model/params.ts";
import { encode } from "../model/value.ts";
import { prepare } from "../runtime/controller/graph/load.ts";
import { pipelineOf } from "../source.ts";
import { testChances } from "./chances.ts";
import { VirtualClock } from "./clock.ts";
import { type CrashAfter, Crashes } from "./crashes.ts";
import { TestError } from "./error.ts";
import { cacheFolder } from "./folder.ts";
import { Ledger } from "./ledger.ts";
import { Names } from "./names.ts";
import { chooserOf, type Order, randomBy } from "./order.ts";
import { Senders, type Signals } from "./signals.ts";
import { type Failures, type Fakes, Steps } from "./steps.ts";
import { type BodyOf, readSubject, type Subject } from "./subject.ts";
import { Tested } from "./tested.ts";
import { Trial } from "./trial.ts";
import { Work } from "./work.ts";

/** What stands for steps and senders, in which order things happen, and what goes wrong. */
export type TestOptions<S extends Subject> = {
  /** What stands for steps, and for pipelines that are called; the others run as the functions that they are. */
  steps?: Fakes<S>;
  /** Errors that attempts at steps fail with, one after the other: `{ fit: [undefined, new RangeError("x")] }`. */
  fail?: Failures<S>;
  /** What is sent when the body waits for a signal: `{ approved: { by: "Ada" } }`, or a function that gives it and may `sleep` first. */
  signals?: Signals;
  /** What happens next, of all that may; default `"first in first"`. */
  order?: Order;
  /** After these events the controllers die, and others go on with what was recorded. */
  crashAfter?: CrashAfter;
  /** When it begins, in virtual time; default: 2026 begins. */
  now?: Date | string | number;
  /** `Math.random()` in a body; default: numbers that are the same in every test. */
  random?: () => number;
  /** How long a step may really take before the test gives up; default 3 s. Virtual time does not count. */
  patience?: Duration;
  /** More events than that are taken for a pipeline without end; default 10,000. */
  limit?: number;
} & ParamsOption<Parameters<BodyOf<S>>>;

/** May be left out where the pipeline takes none, or all of them are optional. */
type ParamsOption<Args extends unknown[]> = Args extends [infer Params, ...unknown[]]
  ? Record<never, never> extends Params
    ? { params?: Params }
    : { params: Params }
  : { params?: Args[0] };

type OptionsArgument<S extends Subject> =
  Record<never, never> extends TestOptions<S> ? [options?: TestOptions<S>] : [options: TestOptions<S>];

/**
 * Runs a pipeline to its end: its real graph, with fake steps or real ones, in an order of your choice and in virtual time, in memory. What waits, waits
 * no time: timers, signals, time limits and the delays of retries.
 *
 * `subject`: what `pipeline(…)` gave, a class, a graph, `{ file }`, pipeline JSON, or the exports of a file, of which it is the default one; those say the
 * types of the steps too. A pipeline that fails is no error of the test: see `status`, `error`, and `result`, which throws. Rejects with a TestError where the
 * test itself is wrong or the pipeline cannot end, with a CompileError, a ParamsError, or a SignalError.
 *
 * @example
 * import assert from "node:assert/strict";
 * import * as module from "./pipeline.ts";
 *
 * const tested = await testPipeline(module, {
 *   params: { target: 0.3 },
 *   steps: { fit: ({ depth = 1 }) => ({ depth, accuracy: depth / 10 }) },
 * });
 * assert.deepEqual(tested.callsOf("fit").map(({ input }) => input.depth), [1, 2, 3]);
 */
export async function testPipeline<S extends Subject>(
  subject: S,
  ...[options]: OptionsArgument<S>
): Promise<Tested<S>> {
  const { params, steps, fail, signals, order, crashAfter, now, random, patience, limit } = (options ??
    {}) as TestOptions<Subject>;
  const folder = cacheFolder(process.cwd());
  const { source, beside } = readSubject(subject);
  const pipeline = await pipelineOf(source, join(folder, "compiled"));
  await prepare(graphsOf(pipeline));
  const given = checkParams(pipeline.params, params);
  const clock = new VirtualClock(timeOf(now));
  const ledger = new Ledger(clock);
  const names = new Names(pipeline, beside);
  const trial = new Trial(pipeline, {
    ledger,
    clock,
    chances: testChances(clock, random ?? randomBy(1)),
    steps: new Steps({ pipeline, beside, names, folder: join(folder, "bundles") }, { steps, fail }),
    senders: new Senders(pipeline, signals),
    choose: chooserOf(order),
    crashes: new Crashes(crashAfter),
    work: new Work(clock, durationMs(patience ?? "3s")),
    limit: limit ?? 10_000,
  });
  await trial.play(given === undefined ? undefined : encode(given, `the params of pipeline "${pipeline.name}"`));
  return new Tested<S>(trial, ledger.events, names);
}

function timeOf(now: Date | string | number = "2026-01-01T00:00:00Z"): number {
  const ms = new Date(now).getTime();
  if (Number.isFinite(ms)) return ms;
  throw new TestError(`now: "${now}" is no time: write a Date, "2026-01-01T12:00:00Z" or milliseconds since 1970`);
}
