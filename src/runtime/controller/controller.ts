/**
 * The controller: hears the events of a run, lets its graph react, and asks for what the graph wants. It holds no truth of its own: a run is
 * a function of its pipeline, its params and the order of its events, so that a controller which starts anew delivers the recorded
 * events in their order and is where the one before it was. A crash between an event and what it causes loses nothing: the event is
 * recorded, and causes the same again.
 */
import {
  concat,
  concatMap,
  defer,
  fromEvent,
  ignoreElements,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  of,
  repeat,
  takeUntil,
  takeWhile,
} from "rxjs";
import { cacheKey } from "../../model/cache.ts";
import type { Clock } from "../../model/clock.ts";
import { abortedName, timeLimitName } from "../../model/failure.ts";
import { callsOf } from "../../model/identity.ts";
import { maxNesting } from "../../model/nesting.ts";
import type { TaskOptions } from "../../model/options.ts";
import { isRefreshed } from "../../model/refresh.ts";
import type { Task, TaskId } from "../../model/task.ts";
import { byContent, decode } from "../../model/value.ts";
import { type Claim, type Command, LostLeaseError, type Result, type Store } from "../ports.ts";
import { Alarms } from "./alarms.ts";
import { Chances } from "./chances.ts";
import { follow$ } from "./events.ts";
import { findTask } from "./find-task.ts";
import { Fuel } from "./graph/fuel.ts";
import { type Heard, heardBy, readHistory } from "./history.ts";
import { Inbox } from "./inbox.ts";
import { type Limits, OwnProcess } from "./own-process.ts";
import type { Program } from "./programs.ts";
import { type Outcome, RunningGraph, type Turn } from "./running-graph.ts";
import { keep, textOf } from "./stored.ts";
import { cloneOfTask } from "./task-templates.ts";
import { type Served, tellUnserved, unservedTemplates } from "./unserved.ts";

export type Conditions = Limits & {
  clock: Clock;
  /** What the body may compute between two deliveries, in units of fuel. */
  budget: number;
  /** Told where it can be known. */
  isServed?: Served;
};

/** What a controller gives that was stopped, or has lost its lease: nobody reads it. */
export const stopped: Result = {
  outcome: "failed",
  failure: { name: abortedName, message: "the controller was stopped" },
};

/**
 * Runs the graph of a claimed controller to its end. Events come in as one stream, the recorded ones first, and are pulled turn by turn: what
 * has arrived when a turn begins. What the graph wants after a turn is one transaction; turns go on meanwhile, commits keep their order.
 * Rejects with a LostLeaseError where the run is another controller's now, and with whatever broke the controller itself.
 */
export async function control(
  claim: Claim,
  program: Program,
  store: Store,
  signal: AbortSignal,
  conditions: Conditions,
): Promise<Result> {
  const result = await conduct(claim, program, store, signal, { ...conditions, place: "shared" });
  // To go on elsewhere is to resume: what was recorded is heard again.
  if (result !== "outgrown") return result;
  return (await conduct(claim, program, store, signal, { ...conditions, place: "own" })) as Result;
}

async function conduct(
  claim: Claim,
  program: Program,
  store: Store,
  signal: AbortSignal,
  { clock, budget, place, patienceMs, memoryMb, isServed }: Conditions & { place: "shared" | "own" },
): Promise<Result | "outgrown"> {
  const { task } = claim;
  const listener = { run: task.id, metrics: program.watches };
  const history = await readHistory(store.events, listener);
  const recorded = await store.runs.chances(task.id);
  const params = task.input && decode(await textOf(store.blobs, task.input));
  const around = await depthReached(task, store);
  const unserved = await unservedTemplates(program, task.id, isServed);
  if (signal.aborted) return stopped;
  // What is missing is said before anything has run.
  if (history.created.size === 0)
    await Promise.all([...program.tasks.values()].map(({ task }) => findTask(store, task)));

  const { created, waits, decided } = history;
  const about = { history: { created, waits, decided }, around };
  const graph =
    place === "own"
      ? new OwnProcess(
          { run: task.id, program: portable(program), budget, chances: recorded, since: task.createdAt, ...about },
          { blobs: store.blobs, clock, patienceMs, memoryMb },
        )
      : new RunningGraph(task.id, program, {
          chances: new Chances(clock, recorded, task.createdAt),
          fuel: new Fuel(budget, { shared: true }),
          clock,
          blobs: store.blobs,
          ...about,
        });
  const alarms = new Alarms(clock);
  const inbox = new Inbox<Heard>();
  const live$ = follow$(store.events, task.id, history.seq, "calls").pipe(map((events) => heardBy(listener, events)));
  const hearing = concat(of(history.heard), live$).subscribe((events) => inbox.push(events));

  const start$ = defer(() => graph.start(params));
  const turn$ = defer(async () => graph.turn(await inbox.take(), signal));
  const fired$ = alarms.ring$.pipe(
    mergeMap((path) => store.runs.turn(task.id, claim.attempt, [{ kind: "fire", path }])),
    ignoreElements(),
  );
  const result$ = concat(start$, turn$.pipe(repeat())).pipe(
    takeWhile((turn) => turn.kind === "goes on", true),
    concatMap(async (turn) => {
      await commit(turn, claim, program, store);
      await tellUnserved(store, task.id, turn.clones, unserved);
      if (turn.kind === "settled") return resultOf(turn.outcome, store);
      if (turn.kind === "outgrown") return turn.kind;
      alarms.set(turn.alarms);
      alarms.silence(turn.answered);
      return undefined;
    }),
    // A ring that cannot be recorded breaks the controller; of the others, the graph hears by its events.
    takeUntil(merge(fromEvent(signal, "abort"), fired$)),
  );
  try {
    const result = (await lastValueFrom(result$, { defaultValue: stopped })) ?? stopped;
    if (isOverLimit(signal)) await abort(graph.open(), "the pipeline ran longer than its time limit", claim, store);
    return result;
  } catch (error) {
    if (!(error instanceof LostLeaseError))
      await abort(await existing(graph.open(), store), "the controller failed", claim, store);
    throw error;
  } finally {
    hearing.unsubscribe();
    alarms.close();
    graph.close();
  }
}

const portable = ({ name, graph, pipelines, unread }: Program) => ({ name, graph, pipelines, unread });

/** Where no run may be called by this one: its name and the names of those around it, the outermost first. */
async function depthReached(task: Task, { tasks }: Store): Promise<string[] | undefined> {
  const calls = callsOf(task.id);
  if (calls.length < maxNesting) return undefined;
  const around = calls.map((_, i) => tasks.get(calls.slice(0, i + 1).join("/")));
  return (await Promise.all(around)).map((each) => each?.name ?? "");
}

/** One transaction: nothing that is recorded depends on a reading of chance or time that is not. */
async function commit(turn: Turn, { task, attempt }: Claim, program: Program, store: Store): Promise<void> {
  const clones = turn.clones.map(async ({ template, path, input }): Promise<Command> => {
    const ofItsOwn = program.tasks.get(template);
    if (ofItsOwn) return cloneOfTask(store, ofItsOwn, path, input);
    const id = program.templates.get(template);
    if (id === undefined)
      throw new Error(`the graph calls the template "${template}", which the pipeline does not have`);
    const stored = input === undefined ? {} : { input: await keep(store.blobs, input) };
    return { kind: "clone", template: id, path, ...stored, ...cachedAs(template, input, program, task.options) };
  });
  const aborts = turn.kind === "settled" ? turn.aborts.map(abortOf("the pipeline has ended")) : [];
  const commands = [...turn.decisions, ...(await Promise.all(clones)), ...turn.commands, ...aborts];
  if (commands.length > 0) await store.runs.turn(task.id, attempt, commands);
}

/** A step's key in the cache; a run that refreshes says so to those that it calls. */
function cachedAs(
  template: string,
  input: string | undefined,
  { cached, pipelines }: Program,
  { refresh }: TaskOptions,
): Pick<Command & { kind: "clone" }, "cache" | "options"> {
  if (refresh && pipelines.has(template)) return { options: { refresh } };
  const step = cached.get(template);
  if (step === undefined) return {};
  const key = cacheKey(step, input && byContent(input), environment);
  return { cache: isRefreshed(refresh, template) ? { ...key, refresh: true } : key };
}

const environment = `node ${process.versions.node.split(".", 1)[0]}`;

async function abort(tasks: TaskId[], reason: string, { task, attempt }: Claim, store: Store): Promise<void> {
  if (tasks.length === 0) return;
  await store.runs.turn(task.id, attempt, tasks.map(abortOf(reason)));
}

/** What the graph has called may not have become a task: what failed may be the commit. */
async function existing(ids: TaskId[], { tasks }: Store): Promise<TaskId[]> {
  const found = await Promise.all(ids.map((id) => tasks.get(id)));
  return found.flatMap((task) => task?.id ?? []);
}

const abortOf =
  (reason: string) =>
  (task: TaskId): Command => ({ kind: "abort", task, reason });

async function resultOf(outcome: Outcome, store: Store): Promise<Result> {
  if (outcome.kind === "failed") return { outcome: "failed", failure: outcome.failure };
  return { outcome: "completed", ...(outcome.text !== undefined && { output: await keep(store.blobs, outcome.text) }) };
}

/** An agent that stops leaves the run to the next controller; past its time limit the run is over. */
const isOverLimit = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && (reason as Error | undefined)?.name === timeLimitName;
