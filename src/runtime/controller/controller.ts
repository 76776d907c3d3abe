/**
 * The controller: hears the events of a run, lets its graph react, and asks for what the graph wants. It holds no truth of its own: a run is
 * a function of its pipeline, its params and the order of its events, so that a controller which starts anew delivers the recorded
 * events in their order and is where the one before it was. A crash between an event and what it causes loses nothing: the event is
 * recorded, and causes the same again.
 */
import type { Chance } from "../../model/chance.ts";
import type { Clock } from "../../model/clock.ts";
import { abortedName } from "../../model/failure.ts";
import { callsOf } from "../../model/identity.ts";
import { maxNesting } from "../../model/nesting.ts";
import type { TaskId } from "../../model/task.ts";
import { timeLimitFailure } from "../../model/time-limit.ts";
import { decode } from "../../model/value.ts";
import { type Claim, LostLeaseError, type Result, type Revoked, type Store, StoreError } from "../ports.ts";
import { Alarms } from "./alarms.ts";
import { Chances, systemChances } from "./chances.ts";
import { abortOf, commit } from "./commands.ts";
import { Commits } from "./commits.ts";
import { EarlierRun } from "./earlier-run.ts";
import { freshAttempt } from "./fresh-attempt.ts";
import { Fuel } from "./graph/fuel.ts";
import { type Heard, heardBy, noHistory, readHistory } from "./history.ts";
import { Inbox } from "./inbox.ts";
import { type Limits, OwnProcess } from "./own-process.ts";
import type { Program } from "./programs.ts";
import { type Outcome, RunningGraph, type Turn } from "./running-graph.ts";
import { keep, textOf } from "./stored.ts";
import { checkTask } from "./task-templates.ts";
import { TimeLimit } from "./time-limit.ts";

export type Conditions = Limits & {
  clock: Clock;
  /** What the body may compute between two deliveries, in units of fuel. */
  budget: number;
};

/** Those of a run which has just begun: they are taken from only. */
const noChances = new Map<string, Chance>();

/** What a controller gives that was stopped, or has lost its lease: nobody reads it. */
export const stopped: Result = {
  outcome: "failed",
  failure: { name: abortedName, message: "the controller was stopped" },
};

/**
 * Runs the graph of a claimed controller to its end. Events come in one by one, the recorded ones first, and are pulled turn by turn: what
 * has arrived when a turn begins. What the graph wants after a turn is one transaction; turns go on meanwhile, commits keep their order.
 * Rejects with a LostLeaseError where the run is another controller's now, and with whatever broke the controller itself.
 */
export async function control(
  claim: Claim,
  program: Program,
  store: Store,
  signal: Revoked,
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
  signal: Revoked,
  { clock, budget, place, patienceMs, memoryMb }: Conditions & { place: "shared" | "own" },
): Promise<Result | "outgrown"> {
  const { task } = claim;
  const begun = freshAttempt(claim, store);
  const { attempt, since, beganAt } = begun instanceof Promise ? await begun : begun;
  const listener = { run: task.id, metrics: program.watches, attempt, since };
  const isNew = claim.isNew && place === "shared";
  const history = isNew ? noHistory : await readHistory(store.events, listener);
  const recorded = isNew ? noChances : await store.runs.chances(task.id);
  const { input } = task;
  const params = input && decode("text" in input ? input.text : await textOf(store.blobs, input));
  const calls = callsOf(task.id);
  const around = calls.length < maxNesting ? undefined : await namesOf(calls, store);
  const earlier = task.options.rerun && (await EarlierRun.of(task.options.rerun, program.graph, store));
  if (signal.aborted) return stopped;
  // What is missing, or cannot fit, is said before anything has run.
  if (history.created.size === 0 && program.tasks.size > 0)
    await Promise.all([...program.tasks.values()].map((template) => checkTask(store, template)));

  const { created, waits, decided } = history;
  const { onFailure, timeLimitMs = Number.POSITIVE_INFINITY } = task.options;
  const about = { history: { created, waits, decided }, attempt, around, ...(onFailure && { onFailure }) };
  const graph =
    place === "own"
      ? new OwnProcess(
          { run: task.id, program: portable(program), budget, chances: recorded, since: task.createdAt, ...about },
          { blobs: store.blobs, clock, patienceMs, memoryMb },
        )
      : new RunningGraph(task.id, program, {
          chances: new Chances(systemChances(clock, task.createdAt), recorded),
          fuel: new Fuel(budget, { shared: true }),
          clock,
          blobs: store.blobs,
          ...about,
        });
  const inbox = new Inbox<Heard>();
  const alarms = new Alarms(clock, (path) =>
    // A ring that cannot be recorded breaks the controller; of the others, the graph hears by its events.
    store.runs.turn(task.id, claim.attempt, [{ kind: "fire", path }]).catch(inbox.fail),
  );
  inbox.push(history.heard);
  const deafen = store.events.hear(task.id, history.seq, {
    hear: (events) => inbox.push(heardBy(listener, events)),
    fail: inbox.fail,
  });
  const limit = new TimeLimit(clock, beganAt + timeLimitMs);
  const commits = new Commits({
    commit: (turn) => commit(turn, claim, program, { store, earlier }),
    // What is recorded is heard first: then it is known what is open.
    committed: (made) => made === (history.heard.length > 0 ? 2 : 1) && limit.start(),
  });
  try {
    const halted = limit.within(signal);
    const end = await Promise.race([goOn(graph, params, inbox, alarms, halted, commits), aborted(halted)]);
    if (end === undefined && limit.isOver && !signal.aborted) {
      await commits.last;
      await abort(await existing(graph.open(), store), "the pipeline ran longer than its time limit", claim, store);
      return { outcome: "failed", failure: timeLimitFailure(task.code.kind, timeLimitMs) };
    }
    if (end === undefined) return stopped;
    return end.kind === "outgrown" ? end.kind : await resultOf(end.outcome, store);
  } catch (error) {
    // Another controller has the run, or whoever resumes it will.
    const goesOn = error instanceof LostLeaseError || error instanceof StoreError;
    if (!goesOn) await abort(await existing(graph.open(), store), "the controller failed", claim, store);
    throw error;
  } finally {
    deafen();
    limit.stop();
    alarms.close();
    graph.close();
  }
}

type LastTurn = Exclude<Turn, { kind: "goes on" }>;

/** Turn after turn, up to the last one, which is committed then; undefined where it was stopped before. */
async function goOn(
  graph: OwnProcess | RunningGraph,
  params: unknown,
  inbox: Inbox<Heard>,
  alarms: Alarms,
  signal: Revoked,
  commits: Commits,
): Promise<LastTurn | undefined> {
  for (let turn = await graph.start(params); !signal.aborted; turn = await graph.turn(await inbox.take(), signal)) {
    const each = turn;
    const committed = commits.add(each);
    if (each.kind !== "goes on") {
      await committed;
      return each;
    }
    const { alarms: begun, answered } = each;
    const told =
      begun.length + answered.length === 0
        ? committed
        : committed.then(() => {
            alarms.set(begun);
            alarms.silence(answered);
          });
    told.catch(inbox.fail);
  }
  return undefined;
}

function aborted(signal: Revoked): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

const portable = ({ name, graph, pipelines, unread }: Program) => ({ name, graph, pipelines, unread });

/** Where no run may be called by this one: its name and the names of those around it, the outermost first. */
async function namesOf(calls: string[], { tasks }: Store): Promise<string[]> {
  const around = calls.map((_, i) => tasks.get(calls.slice(0, i + 1).join("/")));
  return (await Promise.all(around)).map((each) => each?.name ?? "");
}

async function abort(tasks: TaskId[], reason: string, { task, attempt }: Claim, store: Store): Promise<void> {
  if (tasks.length === 0) return;
  await store.runs.turn(task.id, attempt, tasks.map(abortOf(reason)));
}

/** What the graph has called may not have become a task: what failed may be the commit. */
async function existing(ids: TaskId[], { tasks }: Store): Promise<TaskId[]> {
  const found = await Promise.all(ids.map((id) => tasks.get(id)));
  return found.flatMap((task) => task?.id ?? []);
}

async function resultOf(outcome: Outcome, store: Store): Promise<Result> {
  if (outcome.kind === "failed") return { outcome: "failed", failure: outcome.failure };
  return { outcome: "completed", ...(outcome.text !== undefined && { output: await keep(store.blobs, outcome.text) }) };
}
