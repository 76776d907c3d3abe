/**
 * What a run's events have told so far: its tasks, what it decided, what it waits for. Changed in place, as ten thousand turns have sixty thousand events; who shows
 * it is told that there is more, at most once a frame.
 */
import { useEffect, useRef, useSyncExternalStore } from "react";
import type { Decided } from "../../src/model/decision.ts";
import type { Event } from "../../src/model/event.ts";
import type { Failure } from "../../src/model/failure.ts";
import { isWithin } from "../../src/model/identity.ts";
import { ended, type Stored, type TaskId, type TaskStatus } from "../../src/model/task.ts";
import { applyToWaiting, openWaits, type Waiting, type WaitState } from "../../src/runtime/controller/waiting.ts";
import { followRun } from "../hub/live.ts";

export type Told = {
  id: TaskId;
  /** In the run. */
  path: string;
  name: string;
  status: TaskStatus;
  attempt: number;
  queue?: string;
  unserved?: boolean;
  createdAt: number;
  startedAt?: number;
  endedAt?: number;
  progress?: number;
  failure?: Failure;
  reason?: string;
  cachedFrom?: TaskId;
  output?: Stored;
  /** The last point of each series, by `title/series`. */
  scalars: Map<string, number>;
  /** When which agent had it. */
  spans: Span[];
};

export type Span = { agent: string; from: number; to?: number; outcome: TaskStatus };
export type Decision = Decided & { at: number };

/** So many of the latest events are kept to be listed. */
const keptEvents = 2_000;

export class Story {
  readonly run: Told;
  /** By id, in the order in which they were made; without the run itself. */
  readonly tasks = new Map<TaskId, Told>();
  readonly decisions: Decision[] = [];
  events: Event[] = [];
  count = 0;
  readonly #waiting: Waiting = {};

  constructor(run: TaskId) {
    this.run = newTold(run, "", run, 0);
  }

  get waits(): WaitState[] {
    return openWaits(this.#waiting);
  }

  hear(events: readonly Event[]): void {
    for (const event of events) this.#apply(event);
    this.count += events.length;
    this.events.push(...events);
    if (this.events.length > 2 * keptEvents) this.events = this.events.slice(-keptEvents);
  }

  #apply(event: Event): void {
    const { run } = this;
    applyToWaiting(this.#waiting, event);
    if (!isWithin(event.task, run.id)) return;
    if (event.kind === "decision") {
      const { at, of, outcome, explanation } = event;
      this.decisions.push({
        at,
        of,
        outcome,
        explanation,
        path: `${event.task}/${event.path}`.slice(run.id.length + 1),
      });
    } else applyTo(this.#toldOf(event), event);
  }

  #toldOf({ task, at }: Event): Told {
    if (task === this.run.id) return this.run;
    const path = task.slice(this.run.id.length + 1);
    const told = this.tasks.get(task) ?? newTold(task, path, path, at);
    this.tasks.set(task, told);
    return told;
  }
}

const newTold = (id: TaskId, path: string, name: string, createdAt: number): Told => ({
  ...{ id, path, name, createdAt, status: "draft", attempt: 0 },
  ...{ scalars: new Map(), spans: [] },
});

function applyTo(told: Told, event: Event): void {
  switch (event.kind) {
    case "created":
      told.name = event.name;
      told.createdAt = event.at;
      return;
    case "queued":
    case "placed":
      told.queue = event.queue;
      told.unserved = false;
      if (event.kind === "placed") return;
      told.status = "queued";
      if (told.endedAt !== undefined) delete told.endedAt;
      return;
    case "unserved":
      told.queue = event.queue;
      told.unserved = true;
      return;
    case "running":
      told.status = "running";
      told.attempt = event.attempt;
      told.startedAt = event.at;
      told.unserved = false;
      delete told.progress;
      told.spans.push({ agent: event.agent, from: event.at, outcome: "running" });
      return;
    case "retrying":
      told.status = "queued";
      told.failure = event.failure;
      close(told, event.at, "failed");
      return;
    case "dequeued":
    case "reset":
      told.status = "draft";
      return;
    case "cache":
      if (event.outcome === "hit") told.cachedFrom = event.from;
      return;
    case "progress":
      told.progress = event.progress;
      return;
    case "scalar":
      told.scalars.set(`${event.title}/${event.series}`, event.value);
      return;
    case "completed":
    case "failed":
    case "aborted":
      told.status = event.kind;
      told.endedAt = event.at;
      delete told.failure;
      if (event.kind === "completed" && event.output) told.output = event.output;
      if (event.kind === "failed") told.failure = event.failure;
      if (event.kind === "aborted") told.reason = event.reason;
      close(told, event.at, event.kind);
  }
}

function close({ spans }: Told, at: number, outcome: TaskStatus): void {
  const open = spans.at(-1);
  if (open?.to === undefined && open) Object.assign(open, { to: at, outcome });
}

/** The story of a run, as it goes on, and a number that grows with it. */
export function useStory(run: TaskId): { story: Story; count: number } {
  const heard = useRef<Heard>(undefined);
  if (heard.current?.story.run.id !== run) heard.current = new Heard(run);
  const { current } = heard;
  const count = useSyncExternalStore(current.listen, () => current.shown);
  useEffect(() => current.follow(), [current]);
  return { story: current.story, count };
}

/** Of a long history, folding must not keep the reader from clicking; of a quick one, drawing must not keep up with each event. */
class Heard {
  story: Story;
  shown = 0;
  readonly #run: TaskId;
  readonly #listeners = new Set<() => void>();
  #frame = 0;

  constructor(run: TaskId) {
    this.#run = run;
    this.story = new Story(run);
  }

  listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  follow(): () => void {
    if (this.story.count > 0) this.story = new Story(this.#run);
    const stop = followRun(this.#run, (events) => {
      this.story.hear(events);
      if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#show());
    });
    return () => {
      stop();
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
    };
  }

  #show(): void {
    this.#frame = 0;
    this.shown = this.story.count;
    for (const listener of this.#listeners) listener();
  }
}

export const isOver = ({ status }: Told): boolean => ended(status);
