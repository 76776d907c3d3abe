/** What a run has recorded: which of its tasks exist, what it waits for, and what its graph has heard or is to hear, in order. */
import type { Event, EventKind } from "../../model/event.ts";
import { attemptTurn, taskId } from "../../model/identity.ts";
import type { TaskId } from "../../model/task.ts";
import type { Events } from "../ports.ts";
import type { RecordedWaits } from "./waits.ts";

/** The end of a task. */
export type Ended = Extract<Event, { kind: "completed" | "failed" | "aborted" }>;
/** What reaches a graph: ends of tasks that it called, times that have come, signals, and metrics where it watches them. */
export type Heard = Ended | Extract<Event, { kind: "timer" | "signal" | "scalar" }>;

export type History = {
  created: Set<TaskId>;
  waits: RecordedWaits;
  /** The paths of the decisions that are recorded. */
  decided: Set<string>;
  heard: Heard[];
  /** The last event that was read. */
  seq: number;
};

/** `metrics`: does its graph watch them? There may be very many. */
export type Listener = {
  run: TaskId;
  metrics: boolean;
  /** Of a pipeline that is retried: which attempt it is, and the event by which it began. What was before is no history of its own. */
  attempt: number;
  since: number;
};

const pageSize = 2_000;
/** How tasks were queued, begun and tried again is nothing to a graph, and half of what is recorded. */
const kinds: readonly EventKind[] = [
  "created",
  "completed",
  "failed",
  "aborted",
  "waiting",
  "timer",
  "signal",
  "decision",
];

export async function readHistory(events: Pick<Events, "read">, listener: Listener): Promise<History> {
  const { run } = listener;
  const history = newHistory(listener);
  for (;;) {
    const page = await events.read(
      run,
      history.seq,
      pageSize,
      "calls",
      listener.metrics ? [...kinds, "scalar"] : kinds,
    );
    if (page.length === 0) return history;
    for (const event of page) note(event, run, history);
    history.heard.push(...heardBy(listener, page));
    history.seq = page.at(-1)!.seq;
  }
}

const newHistory = ({ since }: Listener): History => ({
  created: new Set(),
  waits: { untils: new Map(), fired: new Set() },
  decided: new Set(),
  heard: [],
  seq: since,
});

/** That of a run which has just begun. Whoever has it takes from it only: it is the same for all. */
export const noHistory: History = newHistory({ run: "", metrics: false, attempt: 1, since: 0 });

function note(event: Event, run: TaskId, { created, waits, decided }: History): void {
  if (event.kind === "created" && event.task !== run) created.add(event.task);
  if (event.kind === "waiting") waits.untils.set(event.path, event.until);
  if (event.kind === "decision" && event.task === run) decided.add(event.path);
  if (event.kind === "timer") waits.fired.add(event.path);
}

export function heardBy({ run, metrics, attempt }: Listener, events: readonly Event[]): Heard[] {
  // Work that an earlier attempt has detached may end now.
  const within = attempt === 1 ? "" : taskId(run, `${attemptTurn(attempt)}/`);
  return events.filter((event): event is Heard => {
    switch (event.kind) {
      case "completed":
      case "failed":
      case "aborted":
        return event.task !== run && event.task.startsWith(within);
      case "timer":
      case "signal":
        return event.task === run;
      case "scalar":
        return metrics;
      default:
        return false;
    }
  });
}
