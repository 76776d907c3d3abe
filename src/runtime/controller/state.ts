/**
 * A run as people see it: an immutable snapshot, folded from the run's events, with patches for the terminal and the page. It is shaped as
 * small nested maps, so that no event costs more than its own small part of it, and it stays small: of a loop it keeps the last turns and
 * those in which something still waits or runs, and counts of the rest.
 */
import { enablePatches, type Patch, produceWithPatches } from "immer";
import type { Decided } from "../../model/decision.ts";
import type { Event } from "../../model/event.ts";
import { type Failure, lostName } from "../../model/failure.ts";
import { isWithin, parseSegment, segments } from "../../model/identity.ts";
import type { Amounts } from "../../model/resources.ts";
import { ended, type Stored, type TaskId, type TaskStatus } from "../../model/task.ts";
import type { LoopTitles } from "./loop-titles.ts";
import { addTurn, dropTurn, findTurn, type Turns } from "./turns.ts";
import { applyToWaiting, type Waiting } from "./waiting.ts";

enablePatches();

/** So many turns of a loop are kept in full after they ended. */
const keptTurns = 5;
/** So many failed attempts and so many scalar series are kept of one task. */
const keptFailures = 5;
const keptScalars = 12;
/** So many decisions of a loop, and so many of the branches of a region. */
const keptDecisions = 3;
/** So many nodes of a region that do not run. */
const keptSkips = 20;

/** A run as people see it, at a moment: immutable. */
export type RunState = {
  readonly run: TaskId;
  readonly name: string;
  readonly status: TaskStatus;
  /** The controller's attempt: above 1 where the run was resumed, or retried. */
  readonly attempt: number;
  /** Its attempts that failed and were followed by another one. */
  readonly failures: number;
  readonly createdAt?: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** The encoded result. */
  readonly output?: Stored;
  readonly failure?: Failure;
  /** Why it was aborted. */
  readonly reason?: string;
  /** The sequence number of the last event that was folded in. */
  readonly seq: number;
  /** All tasks of the run, and of those that it called, by status, also those that are not kept. */
  readonly counts: Counts;
  /** Ids of the built-ins called with a function that starts steps: their turns run at the same time. */
  readonly fanOuts: readonly string[];
  readonly loops: LoopTitles;
  readonly body: RegionState;
  /** What the run, and those that it called, wait for besides tasks: see `openWaits`. */
  readonly waiting: Readonly<Waiting>;
};

export type Counts = Readonly<Record<TaskStatus, number>>;

/** What one activation, one turn or one run has started, in the order in which it appeared. */
export type RegionState = {
  readonly entries: Readonly<Record<string, EntryState>>;
  /** How many tasks in it have not ended, at any depth. */
  readonly open: number;
  /** The latest decisions of its branches. */
  readonly decisions?: readonly Decided[];
  /** What does not run, as something that it reads failed. */
  readonly skipped?: readonly Decided[];
};

export type EntryState = TaskState | TurnsState;

export type TaskState = {
  readonly kind: "task";
  readonly path: string;
  readonly name: string;
  readonly status: TaskStatus;
  readonly attempt: number;
  /** The latest attempts that failed and were followed by another one. */
  readonly failures: readonly { readonly attempt: number; readonly failure: Failure }[];
  readonly failure?: Failure;
  readonly reason?: string;
  readonly queue?: string;
  /** No agent serves its queue, or none there has so much to give. */
  readonly unserved?: { readonly queue: string; readonly resources?: Amounts };
  /** The earlier task whose output it took from the cache. */
  readonly cachedFrom?: TaskId;
  /** Not before this time, after a retry's delay. */
  readonly notBefore?: number;
  readonly progress?: number;
  /** The last point of each series, by `title/series`. */
  readonly scalars: Readonly<Record<string, ScalarState>>;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Of a pipeline that was called: what it has started itself. */
  readonly called?: CalledState;
};

export type CalledState = {
  /** All tasks in it by status, also those that are not kept. */
  readonly counts: Counts;
  readonly body: RegionState;
};

type ScalarState = {
  readonly title: string;
  readonly series: string;
  readonly value: number;
  readonly iteration: number;
};

/** What runs again and again: the turns of a loop or of a fan-out, the activations of a local function. */
export type TurnsState = {
  readonly kind: "loop" | "each" | "function";
  readonly id: string;
  /** The highest turn that has started something. */
  readonly latest: number;
  /** All tasks in all turns by status, also those that are not kept. */
  readonly counts: Counts;
  /** The numbers of the latest turns, which are kept also when they have ended. */
  readonly recent: readonly number[];
  /** See `turnsOf`. */
  readonly turns: Turns<RegionState>;
  /** The latest decisions of a loop for another turn, or for none. */
  readonly decisions?: readonly Decided[];
};

const none: Counts = { draft: 0, queued: 0, running: 0, completed: 0, failed: 0, aborted: 0 };

/** A run of which nothing has happened yet. `fanOuts` are the ids of the pipeline's `each` nodes. */
export function initialState(run: TaskId, fanOuts: readonly string[] = [], loops: LoopTitles = {}): RunState {
  const body = { entries: {}, open: 0 };
  return {
    run,
    name: run,
    status: "draft",
    attempt: 0,
    failures: 0,
    seq: 0,
    counts: none,
    fanOuts,
    loops,
    body,
    waiting: {},
  };
}

export function fold(state: RunState, event: Event): RunState {
  return foldAll(state, [event]).state;
}

/** A snapshot, and how it differs from the one before. */
export type Change = { readonly state: RunState; readonly patches: readonly Patch[] };

export function foldAll(state: RunState, events: readonly Event[]): Change {
  const [next, patches] = produceWithPatches(state, (draft: Draft<RunState>) => {
    for (const event of events) apply(draft, event);
  });
  return { state: next, patches };
}

function apply(run: Draft<RunState>, event: Event): void {
  run.seq = event.seq;
  applyToWaiting(run.waiting, event);
  if (event.kind === "decision" && isWithin(event.task, run.run)) return applyDecision(run, event);
  if (event.task === run.run) applyToRun(run, event);
  else if (event.task.startsWith(`${run.run}/`)) applyToTask(run, event.task.slice(run.run.length + 1), event);
}

function applyToRun(run: Draft<RunState>, event: Event): void {
  run.status = statusAfter(event) ?? run.status;
  switch (event.kind) {
    case "created":
      run.name = event.name;
      run.createdAt = event.at;
      return;
    case "running":
      run.attempt = event.attempt;
      run.startedAt ??= event.at;
      return;
    case "retrying":
      if (event.failure.name !== lostName) run.failures += 1;
      return;
    case "completed":
      run.endedAt = event.at;
      if (event.output) run.output = event.output;
      return;
    case "failed":
      run.endedAt = event.at;
      run.failure = event.failure;
      return;
    case "aborted":
      run.endedAt = event.at;
      run.reason = event.reason;
      return;
  }
}

/** What has not started anything yet comes to be by its decision. */
function applyDecision(run: Draft<RunState>, { task, path, of, outcome, explanation }: DecisionEvent): void {
  const decided: Decided = { path, of, outcome, explanation };
  const whole = `${task}/${path}`.slice(run.run.length + 1);
  const { id, turn } = parseSegment(segments(whole).at(-1)!);
  const way = wayTo(run, turn === undefined ? whole : whole.slice(0, whole.lastIndexOf("[")), true);
  if (way === undefined) return;
  if (of === "skip") {
    way.region.skipped ??= [];
    keepLatest(way.region.skipped, decided, keptSkips);
  } else if (turn === undefined) keepDecision(way.region, decided);
  else {
    const key = `${id}[]`;
    way.region.entries[key] ??= newGroup("loop", id);
    const group = way.region.entries[key];
    if (group.kind !== "task") keepDecision(group, decided);
  }
  for (const { group, n } of way.groups.toReversed()) forget(group, n);
}

type DecisionEvent = Extract<Event, { kind: "decision" }>;

function keepDecision(at: { decisions?: Decided[] }, decided: Decided): void {
  at.decisions ??= [];
  keepLatest(at.decisions, decided, keptDecisions);
}

function keepLatest<T>(all: T[], one: T, kept: number): void {
  all.push(one);
  if (all.length > kept) all.shift();
}

function applyToTask(run: Draft<RunState>, path: string, event: Event): void {
  const way = wayTo(run, path, event.kind === "created");
  if (way === undefined) return;
  const { region, key, groups } = way;
  if (event.kind === "created") {
    if (region.entries[key]) return;
    region.entries[key] = newTask(path, event.name, event.at);
    recount(way, undefined, "draft");
    return;
  }
  const task = region.entries[key];
  if (task?.kind !== "task") return;
  const before = task.status;
  task.status = statusAfter(event) ?? before;
  applyDetails(task, event);
  if (task.status !== before) recount(way, before, task.status);
  if (ended(task.status)) for (const { group, n } of groups.toReversed()) forget(group, n);
}

function applyDetails(task: Draft<TaskState>, event: Event): void {
  switch (event.kind) {
    case "queued":
      task.queue = event.queue;
      setOrDelete(task, "notBefore", event.notBefore);
      return;
    case "unserved":
      task.unserved = { queue: event.queue, ...(event.resources && { resources: event.resources }) };
      return;
    case "cache":
      if (event.outcome === "hit") task.cachedFrom = event.from;
      return;
    case "running":
      task.attempt = event.attempt;
      task.startedAt = event.at;
      delete task.progress;
      delete task.notBefore;
      delete task.unserved;
      return;
    case "retrying":
      task.failures.push({ attempt: event.attempt, failure: event.failure });
      if (task.failures.length > keptFailures) task.failures.shift();
      setOrDelete(task, "notBefore", event.notBefore);
      return;
    case "completed":
      task.endedAt = event.at;
      return;
    case "failed":
      task.endedAt = event.at;
      task.failure = event.failure;
      return;
    case "aborted":
      task.endedAt = event.at;
      task.reason = event.reason;
      return;
    case "progress":
      task.progress = event.progress;
      return;
    case "scalar": {
      const { title, series, value, iteration } = event;
      task.scalars[`${title}/${series}`] = { title, series, value, iteration };
      const names = Object.keys(task.scalars);
      if (names.length > keptScalars) delete task.scalars[names[0]!];
      return;
    }
  }
}

/** The status that a task has after the event; undefined where the event does not change it. */
function statusAfter({ kind }: Event): TaskStatus | undefined {
  switch (kind) {
    case "created":
    case "dequeued":
    case "reset":
      return "draft";
    case "queued":
    case "retrying":
      return "queued";
    case "running":
    case "completed":
    case "failed":
    case "aborted":
      return kind;
    default:
      return undefined;
  }
}

/** Where a task is: its region and key there, and what is around it, from the outermost. */
type Way = {
  region: Draft<RegionState>;
  key: string;
  regions: Draft<RegionState>[];
  /** The runs and the repeated things. */
  counting: { counts: Draft<Counts> }[];
  groups: { group: Draft<TurnsState>; n: number }[];
};

/** With `make`, what is not there yet on the way is made; else undefined where something is not kept any more. */
function wayTo(run: Draft<RunState>, path: string, make: boolean): Way | undefined {
  const way: Way = { region: run.body, key: "", regions: [run.body], counting: [run], groups: [] };
  for (const segment of segments(path)) {
    const { id, turn, activation } = parseSegment(segment);
    const n = turn ?? activation;
    if (way.key !== "" && !enterCalled(way)) return undefined;
    if (n === undefined) {
      way.key = id;
      continue;
    }
    const key = activation === undefined ? `${id}[]` : `${id}#`;
    if (make) way.region.entries[key] ??= newGroup(kindOf(run, id, turn), id);
    const group = way.region.entries[key];
    if (group === undefined || group.kind === "task") return undefined;
    const region = findTurn(group.turns, n) ?? (make ? addTurn(group.turns, n, { entries: {}, open: 0 }) : undefined);
    if (region === undefined) return undefined;
    if (n > group.latest) advance(group, n);
    way.groups.push({ group, n });
    enter(way, region, group);
  }
  return way;
}

/** What stands behind a call was called by that run. */
function enterCalled(way: Way): boolean {
  const caller = way.region.entries[way.key];
  if (caller?.kind !== "task") return false;
  caller.called ??= { counts: { ...none }, body: { entries: {}, open: 0 } };
  enter(way, caller.called.body, caller.called);
  way.key = "";
  return true;
}

function enter(way: Way, region: Draft<RegionState>, counting: { counts: Draft<Counts> }): void {
  way.region = region;
  way.regions.push(region);
  way.counting.push(counting);
}

const kindOf = (run: Draft<RunState>, id: string, turn: number | undefined): TurnsState["kind"] =>
  turn === undefined ? "function" : run.fanOuts.includes(id) ? "each" : "loop";

function advance(group: Draft<TurnsState>, n: number): void {
  group.latest = n;
  group.recent.push(n);
  const old = group.recent.length > keptTurns ? group.recent.shift() : undefined;
  if (old !== undefined) forget(group, old);
}

/** Drops a turn that is over and not one of the latest; its tasks stay in the counts. */
function forget(group: Draft<TurnsState>, n: number): void {
  if (findTurn(group.turns, n)?.open === 0 && !group.recent.includes(n)) dropTurn(group.turns, n);
}

function recount(way: Way, from: TaskStatus | undefined, to: TaskStatus): void {
  const opened = Number(!ended(to)) - Number(from !== undefined && !ended(from));
  for (const { counts } of way.counting) {
    if (from !== undefined) counts[from] -= 1;
    counts[to] += 1;
  }
  for (const region of way.regions) region.open += opened;
}

function newTask(path: string, name: string, createdAt: number): Draft<TaskState> {
  return { kind: "task", path, name, status: "draft", attempt: 0, failures: [], scalars: {}, createdAt };
}

function newGroup(kind: TurnsState["kind"], id: string): Draft<TurnsState> {
  return { kind, id, latest: 0, counts: { ...none }, recent: [], turns: {} };
}

function setOrDelete<T, K extends keyof T>(target: T, key: K, value: T[K] | undefined): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}

/** Immer's own `Draft` loses itself in `Stored` and `Failure`, which are never changed in place. */
type Draft<T> = T extends Stored | Failure | string | number | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? Draft<Item>[]
    : T extends object
      ? { -readonly [K in keyof T]: Draft<T[K]> }
      : T;
