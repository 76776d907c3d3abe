/** An event, folded into the state of its run. */
import { enablePatches, type Patch, produceWithPatches } from "immer";
import type { Decided } from "../../model/decision.ts";
import type { Event } from "../../model/event.ts";
import { isLoss } from "../../model/failure.ts";
import { isWithin, parseSegment, segments } from "../../model/identity.ts";
import { ended, type TaskStatus } from "../../model/task.ts";
import type { Draft, RunState, TaskState } from "./state.ts";
import { applyToWaiting } from "./waiting.ts";
import { forget, newGroup, recount, wayTo } from "./way.ts";

enablePatches();

/** So many failed attempts and so many scalar series are kept of one task. */
const keptFailures = 5;
const keptScalars = 12;
/** So many decisions of a loop, and so many of the branches of a region. */
const keptDecisions = 3;
/** So many nodes of a region that do not run. */
const keptSkips = 20;

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
  const before = run.status;
  run.status = statusAfter(event) ?? before;
  switch (event.kind) {
    case "created":
      run.name = event.name;
      run.createdAt = event.at;
      return;
    case "running":
      run.attempt = event.attempt;
      run.startedAt ??= event.at;
      delete run.unserved;
      return;
    case "unserved":
      run.unserved = { queue: event.queue };
      return;
    case "placed":
      delete run.unserved;
      return;
    case "retrying":
      if (!isLoss(event.failure)) run.failures += 1;
      return;
    case "queued":
      delete run.unserved;
      // By hand: it begins anew.
      if (!ended(before) || run.attempt === 0) return;
      run.failures += 1;
      delete run.endedAt;
      delete run.failure;
      delete run.reason;
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
      delete task.unserved;
      return;
    case "placed":
      task.queue = event.queue;
      delete task.unserved;
      return;
    case "unserved":
      task.unserved = { queue: event.queue, ...(event.resources && { resources: event.resources }) };
      return;
    case "installing":
      setOrDelete(task, "installing", event.packages.length > 0 ? [...event.packages] : undefined);
      return;
    case "cache":
      if (event.outcome === "hit") task.cachedFrom = event.from;
      return;
    case "running":
      task.attempt = event.attempt;
      task.startedAt = event.at;
      delete task.installing;
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

function newTask(path: string, name: string, createdAt: number): Draft<TaskState> {
  return { kind: "task", path, name, status: "draft", attempt: 0, failures: [], scalars: {}, createdAt };
}

function setOrDelete<T, K extends keyof T>(target: T, key: K, value: T[K] | undefined): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}
