/** What a run has recorded: which of its tasks exist, and how those that ended did, in order. */
import type { Event } from "../../model/event.ts";
import type { TaskId } from "../../model/task.ts";
import type { Events } from "../ports.ts";

/** The end of a task: the only events that reach the graph. */
export type Ended = Extract<Event, { kind: "completed" | "failed" | "aborted" }>;

export type History = {
  created: Set<TaskId>;
  ends: Ended[];
  /** The last event that was read. */
  seq: number;
};

const pageSize = 2_000;

export async function readHistory(events: Events, run: TaskId): Promise<History> {
  const history: History = { created: new Set(), ends: [], seq: 0 };
  for (;;) {
    const page = await events.read(run, history.seq, pageSize);
    if (page.length === 0) return history;
    for (const event of page) if (event.kind === "created" && event.task !== run) history.created.add(event.task);
    history.ends.push(...endsOfSteps(run, page));
    history.seq = page.at(-1)!.seq;
  }
}

export function endsOfSteps(run: TaskId, events: readonly Event[]): Ended[] {
  return events.filter(isEnd).filter((event) => event.task !== run);
}

const isEnd = (event: Event): event is Ended =>
  event.kind === "completed" || event.kind === "failed" || event.kind === "aborted";
