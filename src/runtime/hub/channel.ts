/**
 * A channel: all that one client has subscribed to, over one stream. Each message has a number; the answer to a request says the number of the last one, so that a
 * client which has made a change knows when it has heard what that change has caused.
 */
import { randomBytes } from "node:crypto";
import type { Event } from "../../model/event.ts";
import type { Agent } from "../../model/task.ts";
import type { Store } from "../ports.ts";
import { EventStream } from "./event-stream.ts";
import type { Caller } from "./routes/route.ts";
import type { Held, Subscription, Told } from "./subscription.ts";
import { toWire } from "./wire.ts";

/** `resume`: what was kept back from a slow reader goes on. */
type Running = { stop(): void; resume?(): void };

export class Channel {
  readonly id: string = randomBytes(16).toString("hex");
  readonly owner: string;
  readonly stream: EventStream;
  /** The number of the last message. */
  told = 0;
  readonly #store: Store;
  readonly #running = new Map<number, Running>();

  constructor(store: Store, caller: Caller, isAllowed: () => Promise<boolean>) {
    this.#store = store;
    this.owner = caller.id;
    this.stream = new EventStream(isAllowed);
    this.stream.drained = () => {
      for (const { resume } of this.#running.values()) resume?.();
    };
  }

  /** Says to its client how it is called: all that was asked for with it is subscribed. */
  open(): void {
    this.stream.send(0, "open", JSON.stringify({ channel: this.id }));
  }

  subscribe(number: number, to: Subscription): void {
    this.unsubscribe(number);
    this.#running.set(number, this.#start(number, to));
  }

  unsubscribe(number: number): void {
    this.#running.get(number)?.stop();
    this.#running.delete(number);
  }

  close(): void {
    for (const number of this.#running.keys()) this.unsubscribe(number);
    this.stream.close();
  }

  #start(number: number, to: Subscription): Running {
    switch (to.kind) {
      case "events":
        return this.#events(number, to);
      case "news":
        return this.#news(number, to);
      case "logs":
        return this.#logs(number, to);
      case "roster":
        return this.#roster(number);
      case "watch":
        return this.#watch(number, to);
    }
  }

  /** Whoever reads slowly is told no more, and goes on later from the last one that it was told. */
  #events(number: number, { run, scope, after }: Subscription & { kind: "events" }): Running {
    const { events } = this.#store;
    let stop = () => {};
    let isGoing = false;
    const pause = () => {
      isGoing = false;
      stop();
    };
    const resume = () => {
      if (isGoing) return;
      isGoing = true;
      stop = events.follow(run, after, tell, scope);
    };
    const tell = (told: readonly Event[]) => {
      if (!isGoing) return;
      after = told.at(-1)!.seq;
      this.#tell({ to: number, events: told });
      if (this.stream.isFull) pause();
    };
    resume();
    return { stop: pause, resume };
  }

  /** Whoever reads slowly misses some, and is told so when it has read. */
  #news(number: number, { kinds }: Subscription & { kind: "news" }): Running {
    let hasMissed = false;
    const stop = this.#store.events.news(kinds, (news) => {
      if (this.stream.isFull) hasMissed = true;
      else this.#tell({ to: number, news });
    });
    // What was looked at before the subscription may be old.
    this.#tell({ to: number, news: [] });
    const resume = () => {
      if (hasMissed) this.#tell({ to: number, news: [] });
      hasMissed = false;
    };
    return { stop, resume };
  }

  #logs(number: number, { task, last, seen = {}, since = 0 }: Subscription & { kind: "logs" }): Running {
    const told = new Map(Object.entries(seen));
    const stop = this.#store.logs.follow(
      task,
      (lines) => {
        const fresh = lines.filter((line) => line.number > (told.get(line.task) ?? 0) && line.at >= since);
        if (fresh.length > 0) this.#tell({ to: number, lines: fresh });
      },
      last === undefined ? {} : { last },
    );
    return { stop };
  }

  #roster(number: number): Running {
    const hear = (agents: Agent[]) => this.#tell({ to: number, agents });
    // Where the store cannot be read, all that is asked of it says so.
    return { stop: this.#store.queue.roster({ hear, fail: () => {} }) };
  }

  #watch(number: number, { agent, again = false, holding = [] }: Subscription & { kind: "watch" }): Running {
    const stop = this.#store.queue.watch(agent, {
      ready: (queues) => this.#tell({ to: number, ready: [...queues] }),
      revoked: (task, attempt) => this.#tell({ to: number, revoked: { task, attempt } }),
    });
    if (again) void this.#catchUp(number, agent, holding);
    return { stop };
  }

  /** There may be something to claim, and what it held may have been taken away. */
  async #catchUp(number: number, agent: string, holding: readonly Held[]): Promise<void> {
    const { queue, tasks } = this.#store;
    for (const { task, attempt } of holding) {
      const [known, attempts] = await Promise.all([tasks.get(task), tasks.attempts(task)]);
      const runs = known?.status === "running" && known.attempt === attempt && attempts.at(-1)?.agent === agent;
      if (!runs && this.#running.has(number)) this.#tell({ to: number, revoked: { task, attempt } });
    }
    const ready = (await queue.list()).map(({ name }) => name);
    if (this.#running.has(number)) this.#tell({ to: number, ready });
  }

  #tell(what: Told): void {
    this.told += 1;
    this.stream.send(this.told, "told", toWire(what));
  }
}

/** Those of a hub. */
export class Channels {
  readonly #channels = new Map<string, Channel>();

  add(channel: Channel): void {
    this.#channels.set(channel.id, channel);
    channel.stream.closed = () => {
      this.#channels.delete(channel.id);
      channel.close();
    };
  }

  get size(): number {
    return this.#channels.size;
  }

  /** Undefined where it is another caller's too. */
  of(caller: Caller, id: string | null | undefined): Channel | undefined {
    const channel = id == null ? undefined : this.#channels.get(id);
    return channel?.owner === caller.id ? channel : undefined;
  }

  /** Their clients find another hub, or this one when it is back. */
  close(): void {
    for (const channel of this.#channels.values()) channel.close();
  }
}
