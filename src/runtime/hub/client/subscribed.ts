/** What the ports let a program subscribe to, over a channel: each goes on after an interruption from what it was told last. */
import type { Event } from "../../../model/event.ts";
import type { KeptLine } from "../../../model/log.ts";
import type { TaskId } from "../../../model/task.ts";
import type { EventScope, Events, Hearer, Logs, Queue, Watcher } from "../../ports.ts";
import type { Subscription, Told } from "../subscription.ts";
import type { ClientChannel, Subscriber } from "./channel.ts";
import type { HubClock } from "./clock.ts";
import type { Holdings } from "./holdings.ts";

export const followOver =
  (channel: ClientChannel): Events["follow"] =>
  (run, after, listener, scope = "tree") =>
    channel.subscribe(eventsAfter(run, after, scope, listener));

export const newsOver =
  (channel: ClientChannel): Events["news"] =>
  (kinds, listener) =>
    channel.subscribe({
      subscription: (): Subscription => ({ kind: "news", kinds }),
      hear(told) {
        if ("news" in told) listener(told.news);
      },
    });

/** A hub tells events when they are committed: what is answered is a transaction of its own. */
export const hearOver =
  (channel: ClientChannel): Events["hear"] =>
  (run: TaskId, after: number, hearer: Hearer) =>
    channel.subscribe({
      ...eventsAfter(run, after, "calls", (events) => hearer.hear(events)),
      fail: (error) => hearer.fail(error),
    });

function eventsAfter(
  run: TaskId,
  after: number,
  scope: EventScope,
  listener: (events: readonly Event[]) => void,
): Subscriber {
  return {
    subscription: (): Subscription => ({ kind: "events", run, after, scope }),
    hear(told: Told) {
      if (!("events" in told)) return;
      const fresh = told.events.filter(({ seq }) => seq > after);
      if (fresh.length === 0) return;
      after = fresh.at(-1)!.seq;
      listener(fresh);
    },
  };
}

/** A line that was told is not told again: each task's are numbered. */
export const logsOver =
  (channel: ClientChannel): Logs["follow"] =>
  (task, listener, { last } = {}) => {
    const seen: Record<TaskId, number> = {};
    let since: number | undefined;
    return channel.subscribe({
      subscription: (again): Subscription =>
        again && since !== undefined
          ? { kind: "logs", task, seen, ...(last !== undefined && { since }) }
          : { kind: "logs", task, ...(last !== undefined && { last }) },
      hear(told) {
        if (!("lines" in told)) return;
        for (const { task, number } of told.lines) seen[task] = number;
        since ??= told.lines.reduce((first: number, { at }: KeptLine) => Math.min(first, at), Number.POSITIVE_INFINITY);
        listener(told.lines);
      },
    });
  };

export const rosterOver =
  (channel: ClientChannel, clock: HubClock): Queue["roster"] =>
  ({ hear, fail }) =>
    channel.subscribe({
      subscription: (): Subscription => ({ kind: "roster" }),
      hear(told) {
        if ("agents" in told)
          hear(told.agents.map((agent) => ({ ...agent, leaseUntil: clock.fromHub(agent.leaseUntil) })));
      },
      fail,
    });

export const watchOver =
  (channel: ClientChannel, holdings: Holdings) =>
  (agent: string, watcher: Watcher): (() => void) =>
    channel.subscribe({
      subscription: (again): Subscription => ({
        ...{ kind: "watch" as const, agent },
        ...(again && { again, holding: holdings.of(agent) }),
      }),
      hear(told) {
        if ("ready" in told) watcher.ready(new Set(told.ready));
        if (!("revoked" in told)) return;
        holdings.drop(agent, told.revoked);
        watcher.revoked(told.revoked.task, told.revoked.attempt);
      },
    });
