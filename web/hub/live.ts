/**
 * All that the page is told, over one stream: subscriptions go on where they were when it breaks and is opened again, so that nothing is missed, nothing is told
 * twice, and nobody has to load the page again.
 */
import { useSyncExternalStore } from "react";
import type { Event, EventKind } from "../../src/model/event.ts";
import type { KeptLine } from "../../src/model/log.ts";
import type { Agent, TaskId } from "../../src/model/task.ts";
import { base } from "../../src/runtime/hub/api.ts";
import { readMessages } from "../../src/runtime/hub/client/messages.ts";
import type { Subscription, Told } from "../../src/runtime/hub/subscription.ts";
import { fromWire } from "../../src/runtime/hub/wire.ts";
import { ask, authorization, HubError } from "./ask.ts";

interface Subscriber {
  subscription(again: boolean): Subscription;
  hear(told: Told): void;
}

/** The hub says something every 5 s: a stream that is silent for longer is broken. */
const silenceMs = 12_000;
const longestPauseMs = 2_000;

const subscribers = new Map<number, Subscriber>();
let numbers = 0;
let channel: string | undefined;
let going = false;
let stopped = new AbortController();

/** Gives the way to stop. */
export function subscribe(subscriber: Subscriber): () => void {
  numbers += 1;
  const number = numbers;
  subscribers.set(number, subscriber);
  if (channel !== undefined)
    void ask("POST", `/channels/${channel}/subscriptions`, bodyOf([[number, subscriber]], false)).catch(() =>
      stopped.abort(),
    );
  else if (!going) void run();
  return () => {
    subscribers.delete(number);
    if (channel !== undefined) void ask("DELETE", `/channels/${channel}/subscriptions/${number}`).catch(() => {});
  };
}

/** The events of a run from its first one on. */
export function followRun(run: TaskId, listener: (events: readonly Event[]) => void): () => void {
  let after = 0;
  return subscribe({
    subscription: () => ({ kind: "events", run, after, scope: "tree" }),
    hear(told) {
      if (!("events" in told)) return;
      const fresh = told.events.filter(({ seq }) => seq > after);
      if (fresh.length === 0) return;
      after = fresh.at(-1)!.seq;
      listener(fresh);
    },
  });
}

/** What a task, and all that runs for it, says: its last lines, then what comes. */
export function followLogs(task: TaskId, last: number, listener: (lines: KeptLine[]) => void): () => void {
  const seen: Record<TaskId, number> = {};
  return subscribe({
    subscription: (again) => ({ kind: "logs", task, ...(again ? { seen } : { last }) }),
    hear(told) {
      if (!("lines" in told)) return;
      for (const { task, number } of told.lines) seen[task] = number;
      listener(told.lines);
    },
  });
}

/** What happens anywhere, of those kinds; an empty batch where something may have been missed. */
export function followNews(kinds: readonly EventKind[], listener: (events: readonly Event[]) => void): () => void {
  return subscribe({
    subscription: () => ({ kind: "news", kinds }),
    hear(told) {
      if ("news" in told) listener(told.news);
    },
  });
}

/** The agents that are known, now and whenever others are. */
export function followRoster(listener: (agents: Agent[]) => void): () => void {
  return subscribe({
    subscription: () => ({ kind: "roster" }),
    hear(told) {
      if ("agents" in told) listener(told.agents);
    },
  });
}

export type Connection = "connecting" | "live" | "away" | "refused";
let connection: Connection = "connecting";
const listeners = new Set<() => void>();

export const useConnection = (): Connection =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => connection,
  );

function tell(now: Connection): void {
  if (now === connection) return;
  connection = now;
  for (const listener of listeners) listener();
}

/** Asked for anew, where the reader has given another token. */
export function reconnect(): void {
  tell("connecting");
  if (!going) void run();
}

async function run(): Promise<void> {
  going = true;
  // What is subscribed to in the same turn comes along.
  await Promise.resolve();
  let again = false;
  for (let tries = 0; subscribers.size > 0; tries++) {
    try {
      await stream(again, () => {
        tries = 0;
      });
    } catch (error) {
      if (error instanceof HubError && error.kind !== "Away") {
        tell("refused");
        break;
      }
    }
    channel = undefined;
    again = true;
    if (subscribers.size === 0) break;
    if (tries > 0 || connection === "connecting") tell("away");
    await new Promise((resolve) => setTimeout(resolve, Math.min(longestPauseMs, 50 * 2 ** tries)));
  }
  going = false;
}

/** One stream, to its end. */
async function stream(again: boolean, opened: () => void): Promise<void> {
  stopped = new AbortController();
  const { signal } = stopped;
  const asked = [...subscribers];
  const known = new Set(asked.map(([number]) => number));
  const response = await fetch(`${base}/channels`, {
    method: "POST",
    headers: { ...authorization(), "content-type": "application/json" },
    body: bodyOf(asked, again),
    signal,
  });
  if (!response.ok || response.body === null) {
    const { error } = (await response.json().catch(() => ({}))) as { error?: { kind: string; message: string } };
    throw new HubError(error?.kind ?? "Away", error?.message ?? "");
  }
  let silence = setTimeout(() => stopped.abort(), silenceMs);
  const alive = () => {
    clearTimeout(silence);
    silence = setTimeout(() => stopped.abort(), silenceMs);
  };
  const hear = ({ event, data }: { event: string; data: string }) => {
    if (event === "open") {
      channel = (JSON.parse(data) as { channel: string }).channel;
      opened();
      tell("live");
      const late = [...subscribers].filter(([number]) => !known.has(number));
      if (late.length > 0)
        void ask("POST", `/channels/${channel}/subscriptions`, bodyOf(late, false)).catch(() => stopped.abort());
      return;
    }
    const told = fromWire(data) as Told;
    subscribers.get(told.to)?.hear(told);
  };
  try {
    await readMessages(pieces(response.body), hear, alive);
  } finally {
    clearTimeout(silence);
  }
}

async function* pieces(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

const bodyOf = (asked: [number, Subscriber][], again: boolean): string =>
  JSON.stringify({ subscriptions: asked.map(([number, each]) => ({ number, to: each.subscription(again) })) });
