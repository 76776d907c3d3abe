/**
 * The rows of the live tree: which parts of a run's state are worth a line now. Turns that are over are folded, what runs or failed is shown,
 * and what is left out is counted.
 */

import type { Decided } from "../../model/decision.ts";
import { formatDuration } from "../../model/duration.ts";
import { parseSegment, segments } from "../../model/identity.ts";
import { ended, type TaskStatus } from "../../model/task.ts";
import { loopTitle } from "../../runtime/controller/loop-titles.ts";
import type { EntryState, RegionState, RunState, TaskState, TurnsState } from "../../runtime/controller/state.ts";
import { turnsOf } from "../../runtime/controller/turns.ts";
import { openWaits } from "../../runtime/controller/waiting.ts";
import { countsText, decidedText, failedText, installingText, scalarsText, unservedText, waitText } from "./details.ts";
import { statusOf, summary } from "./summary.ts";
import { oneLine, plural, sentence } from "./text.ts";

export type Row = {
  depth: number;
  status: TaskStatus | "skipped" | "folded" | "decided";
  label: string;
  /** A second name, less important than the label. */
  also?: string;
  ms?: number;
  /** From 0 to 1, while it runs. */
  progress?: number;
  detail: string;
  /** An error is part of the detail. */
  bad?: boolean;
};

/** Turns in full detail are few: of the others that are kept, one row each. */
const shownTurns = 3;
const shownFanOut = 6;
const shownWaits = 6;
const shownDecisions = 2;
const shownSkips = 6;

/** `of`: the name under which the pipeline was called whose region it is. */
type Sight = Pick<RunState, "loops"> & { now: number; of: string };

export function rowsOf(state: RunState, now: number): Row[] {
  const { loops, body } = state;
  return [runRow(state, now), ...regionRows(body, 1, { now, loops, of: "" }), ...waitRows(state, now)];
}

/** What the run waits for, at the end, where it is seen: a signal with the way to send it. */
function waitRows({ waiting }: RunState, now: number): Row[] {
  const waits = openWaits(waiting);
  const rows = waits.slice(0, shownWaits).map(
    (wait): Row => ({
      depth: 1,
      status: "queued",
      label: wait.path,
      ms: Math.max(0, now - wait.since),
      detail: waitText(wait, now),
    }),
  );
  const folded = waits.length - rows.length;
  return folded > 0 ? [...rows, foldedRow(1, `${plural(folded, "wait")} more`)] : rows;
}

function runRow(state: RunState, now: number): Row {
  const { name, status, failure, reason, startedAt, endedAt, counts, attempt, failures, unserved } = state;
  const details = [
    unserved && !ended(status) ? unservedText(unserved) : "",
    failures > 0 ? `attempt ${failures + 1}` : attempt > 1 && !ended(status) ? "resumed" : "",
    countsText(counts),
    failure ? sentence(failure) : (reason ?? ""),
  ];
  return {
    depth: 0,
    status,
    label: oneLine(name),
    ...durationOf(startedAt, endedAt, now),
    detail: details.filter(Boolean).join(" · "),
    ...(failure && { bad: true }),
  };
}

function regionRows(region: RegionState, depth: number, sight: Sight): Row[] {
  const rows = Object.entries(region.entries).flatMap(([key, entry]) => entryRows(key, entry, depth, sight));
  const skipped = (region.skipped ?? []).slice(-shownSkips).map((decided) => skipRow(decided, depth));
  const decisions = (region.decisions ?? []).slice(-shownDecisions).map((decided) => decisionRow(decided, depth));
  return [...rows, ...skipped, ...decisions];
}

function entryRows(key: string, entry: EntryState, depth: number, sight: Sight): Row[] {
  switch (entry.kind) {
    case "task":
      return [taskRow(key, entry, depth, sight), ...calledRows(entry, depth, sight)];
    case "loop":
    case "function":
      return loopRows(entry, depth, sight);
    case "each":
      return fanOutRows(entry, depth, sight);
  }
}

function taskRow(label: string, task: TaskState, depth: number, sight: Sight): Row {
  const { now } = sight;
  const {
    name,
    status,
    startedAt,
    endedAt,
    progress,
    failure,
    failures,
    attempt,
    reason,
    notBefore,
    called,
    cachedFrom,
    unserved,
    installing,
  } = task;
  const last = failure ?? failures.at(-1)?.failure;
  const waits = status === "queued" && notBefore !== undefined && notBefore > now;
  const details = [
    unserved ? unservedText(unserved) : "",
    installing && status === "running" ? installingText(installing) : "",
    cachedFrom === undefined ? "" : `cached from ${cachedFrom}`,
    waits ? `again in ${formatDuration(notBefore - now)}` : "",
    attempt > 1 ? `attempt ${attempt}` : "",
    last && status !== "completed" ? sentence(last) : "",
    status === "aborted" ? (reason ?? "") : "",
    called ? countsText(called.counts) : "",
    scalarsText([task]),
  ];
  return {
    depth,
    status,
    label,
    ...(name !== label && { also: name }),
    ...(status !== "queued" && durationOf(startedAt, endedAt, now)),
    ...(status === "running" && progress !== undefined && { progress }),
    detail: details.filter(Boolean).join(" · "),
    ...(last && status !== "completed" && { bad: true }),
  };
}

/** What a pipeline that was called does, until it is done. */
function calledRows({ name, status, called }: TaskState, depth: number, sight: Sight): Row[] {
  return called && status !== "completed" ? regionRows(called.body, depth + 1, { ...sight, of: name }) : [];
}

/** Turns that follow one another: the latest and what still runs in full, some earlier ones in a row each, the rest as a count. */
function loopRows(loop: TurnsState, depth: number, sight: Sight): Row[] {
  const isRun = loop.id === ""; // its attempts, but for the first
  const word = isRun ? "attempt" : loop.kind === "loop" ? "iteration" : "call";
  const kept = [...turnsOf(loop.turns)];
  const open = kept.filter(([n, turn]) => turn.open > 0 || n === loop.latest);
  const over = kept.filter(([n, turn]) => turn.open === 0 && n !== loop.latest).slice(-(shownTurns - 1));
  const shown = [...over, ...open].sort(([a], [b]) => a - b);
  const folded = loop.latest - shown.length - Number(isRun);
  const title = loop.kind === "loop" ? loopTitle(sight.loops, sight.of, loop.id) : undefined;
  return [
    {
      depth,
      status: statusOf(loop.counts),
      ...(title === undefined ? { label: isRun ? "again" : loop.id } : { label: oneLine(title), also: loop.id }),
      detail: loop.latest === 0 ? "" : `${word} ${loop.latest}${failedText(loop.counts)}`,
    },
    ...(loop.decisions ?? []).slice(-1).map((decided) => decisionRow(decided, depth + 1)),
    ...(folded > 0 ? [foldedRow(depth + 1, plural(folded, `earlier ${word}`))] : []),
    ...shown.flatMap(([n, turn]) => turnRows(`${word} ${n}`, turn, depth + 1, sight)),
  ];
}

/** Turns that run at the same time: what runs or failed, then some of the others, the rest as a count. */
function fanOutRows(each: TurnsState, depth: number, sight: Sight): Row[] {
  const kept = [...turnsOf(each.turns)];
  const urgency = ([, { entries, open }]: (typeof kept)[number]) => {
    const statuses = Object.values(entries).map((entry) =>
      entry.kind === "task" ? entry.status : statusOf(entry.counts),
    );
    return statuses.includes("failed") ? 0 : statuses.includes("running") ? 1 : open === 0 ? 2 : 3;
  };
  const shown = kept
    .sort((a, b) => urgency(a) - urgency(b))
    .slice(0, shownFanOut)
    .sort(([a], [b]) => a - b);
  const folded = each.latest - shown.length;
  return [
    {
      depth,
      status: statusOf(each.counts),
      label: each.id,
      detail: `${each.latest} at once · ${countsText(each.counts)}`,
    },
    ...shown.flatMap(([n, turn]) => turnRows(`[${n}]`, turn, depth + 1, sight)),
    ...(folded > 0 ? [foldedRow(depth + 1, `${folded} more`)] : []),
  ];
}

/** A turn with one task is that task's row; one that is over is one row; else its tasks stand below it. */
function turnRows(title: string, turn: RegionState, depth: number, sight: Sight): Row[] {
  const entries = Object.entries(turn.entries);
  const [first] = entries;
  if (first && entries.length === 1 && first[1].kind === "task") {
    const row = taskRow(first[0], first[1], depth, sight);
    return [{ ...row, label: title, also: row.label }, ...calledRows(first[1], depth, sight)];
  }
  const tasks = entries.map(([, entry]) => entry).filter((entry) => entry.kind === "task");
  const statuses = entries.map(([, entry]) => (entry.kind === "task" ? entry.status : statusOf(entry.counts)));
  const head: Row = { depth, status: summary(statuses), label: title, detail: "" };
  if (turn.open > 0 || statuses.includes("failed")) return [head, ...regionRows(turn, depth + 1, sight)];
  const startedAt = min(tasks.map((task) => task.startedAt));
  const endedAt = max(tasks.map((task) => task.endedAt));
  return [{ ...head, ...durationOf(startedAt, endedAt, sight.now), detail: scalarsText(tasks) || decidedText(turn) }];
}

function decisionRow({ path, of, explanation }: Decided, depth: number): Row {
  const { id } = parseSegment(segments(path).at(-1)!);
  return { depth, status: "decided", label: of === "loop" ? "" : id, detail: oneLine(explanation) };
}

const skipRow = ({ path, explanation }: Decided, depth: number): Row => ({
  depth,
  status: "skipped",
  label: segments(path).at(-1)!,
  detail: oneLine(explanation),
});

const foldedRow = (depth: number, label: string): Row => ({ depth, status: "folded", label, detail: "" });

/** A span that began and has not ended is still growing. */
function durationOf(startedAt: number | undefined, endedAt: number | undefined, now: number): { ms?: number } {
  return startedAt === undefined ? {} : { ms: Math.max(0, (endedAt ?? now) - startedAt) };
}

const min = (all: (number | undefined)[]): number | undefined =>
  all.reduce((a, b) => (a === undefined || (b !== undefined && b < a) ? b : a), undefined);
const max = (all: (number | undefined)[]): number | undefined =>
  all.reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined);
