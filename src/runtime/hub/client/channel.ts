/**
 * All subscriptions of one client, over one stream. Where it breaks, it is opened again, and each subscription goes on where it was: nothing is missed, and nothing
 * is told twice.
 */
import { setTimeout as pause } from "node:timers/promises";
import { channelHeader, type Subscription, type Told, toldHeader } from "../subscription.ts";
import { fromWire, toWire } from "../wire.ts";
import { type Answer, type Asked, type Connection, isOutage } from "./connection.ts";
import { type Message, readMessages } from "./messages.ts";

/** What is subscribed to, and who hears of it. */
export interface Subscriber {
  /** What to ask for; `again`: it was interrupted. */
  subscription(again: boolean): Subscription;
  hear(told: Told): void;
  /** It does not go on. */
  fail?(error: Error): void;
}

/** The hub says something every 5 s: a stream that is silent for so long is broken. */
const silenceMs = 30_000;
const longestPauseMs = 2_000;

export class ClientChannel {
  readonly #connection: Connection;
  readonly #patienceMs: number;
  readonly #broken: (error: Error) => void;
  readonly #subscribers = new Map<number, Subscriber>();
  /** Those that the hub was told of, on whichever channel. */
  readonly #known = new Set<number>();
  #numbers = 0;
  #id: string | undefined;
  /** Ends the stream, so that another one begins. */
  #breakOff = new AbortController();
  #reached = 0;
  #waiting: { number: number; resolve: () => void }[] = [];
  #going: Promise<void> | undefined;
  /** Subscriptions on their way: what is asked for afterwards comes after them. */
  #subscribing: Promise<unknown> | undefined;
  #opened: PromiseWithResolvers<void> | undefined;

  /** `broken` hears why it cannot go on, where a subscriber has no ear for that. */
  constructor(connection: Connection, patienceMs: number, broken: (error: Error) => void) {
    this.#connection = connection;
    this.#patienceMs = patienceMs;
    this.#broken = broken;
  }

  /** Gives the way to stop. */
  subscribe(subscriber: Subscriber): () => void {
    this.#numbers += 1;
    const number = this.#numbers;
    this.#subscribers.set(number, subscriber);
    if (this.#id === undefined) this.#open();
    else this.#ask(number, subscriber);
    return () => {
      if (!this.#subscribers.delete(number)) return;
      if (this.#known.delete(number) && this.#id !== undefined)
        this.#connection
          .ask({ verb: "DELETE", path: `/channels/${this.#id}/subscriptions/${number}`, patienceMs: 0 })
          .catch(() => {});
    };
  }

  /** A request that comes after what was subscribed before it, and whose answer comes after what it has caused. */
  async ask(asked: Asked): Promise<Answer> {
    if (this.#subscribers.size === 0) return this.#connection.ask(asked);
    const before = this.#subscribing ?? this.#opened?.promise;
    if (before) await keepingProcess(before);
    const id = this.#id;
    if (id === undefined) return this.#connection.ask(asked);
    const answer = await this.#connection.ask({ ...asked, headers: { ...asked.headers, [channelHeader]: id } });
    const told = Number(answer.headers[toldHeader] ?? 0);
    if (id === this.#id && told > this.#reached)
      await keepingProcess(new Promise<void>((resolve) => this.#waiting.push({ number: told, resolve })));
    return answer;
  }

  #ask(number: number, subscriber: Subscriber): void {
    const body = toWire({ subscriptions: [{ number, to: subscriber.subscription(false) }] });
    this.#known.add(number);
    const asking: Promise<unknown> = Promise.all([
      this.#subscribing,
      this.#connection
        .ask({ verb: "POST", path: `/channels/${this.#id}/subscriptions`, body, patienceMs: 0 })
        .catch((error: Error) => {
          // The next channel begins with it.
          if (error.name === "Gone" || isOutage(error.cause)) this.#breakOff.abort();
          else this.#fail(number, error);
        }),
    ]).finally(() => {
      if (this.#subscribing === asking) this.#subscribing = undefined;
    });
    this.#subscribing = asking;
  }

  #open(): void {
    this.#opened ??= Promise.withResolvers();
    this.#going ??= this.#go().finally(() => {
      this.#going = undefined;
    });
  }

  /** One stream after the other, for as long as anybody is subscribed. */
  async #go(): Promise<void> {
    // Those that are made in this turn of the event loop come along.
    await Promise.resolve();
    let brokenAt = Date.now();
    for (let tries = 0; this.#subscribers.size > 0 && !this.#connection.closed.aborted; tries++) {
      try {
        await this.#listen(() => {
          tries = 0;
        });
        brokenAt = Date.now();
      } catch (error) {
        if (tries === 0) brokenAt = Date.now();
        const isFinal = !isOutage(error) && error instanceof Error && error.name !== "AbortError";
        if (isFinal || Date.now() - brokenAt > this.#patienceMs) this.#failAll(error as Error);
      }
      this.#settle();
      await pause(Math.min(longestPauseMs, 20 * 2 ** tries), undefined, {
        signal: this.#connection.closed,
        ref: false,
      }).catch(() => {});
    }
    this.#settle();
  }

  /** Resolves when the stream has ended. */
  async #listen(opened: () => void): Promise<void> {
    const breakOff = new AbortController();
    this.#breakOff = breakOff;
    let timer: NodeJS.Timeout | undefined;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => breakOff.abort(), silenceMs).unref();
    };
    alive();
    const asked = [...this.#subscribers].map(([number, subscriber]) => ({
      number,
      to: subscriber.subscription(this.#known.has(number)),
    }));
    for (const { number } of asked) this.#known.add(number);
    try {
      const body = toWire({ subscriptions: asked });
      const stream = await this.#connection.stream({ verb: "POST", path: "/channels", body, signal: breakOff.signal });
      await readMessages(
        stream,
        (message) => {
          if (message.event === "open") {
            opened();
            this.#begin(message, new Set(asked.map(({ number }) => number)));
          } else this.#hear(message);
        },
        alive,
      );
    } finally {
      clearTimeout(timer);
      this.#id = undefined;
    }
  }

  #begin({ data }: Message, asked: ReadonlySet<number>): void {
    this.#id = (JSON.parse(data) as { channel: string }).channel;
    this.#reached = 0;
    // Those that were made while the stream was opened.
    for (const [number, subscriber] of this.#subscribers) if (!asked.has(number)) this.#ask(number, subscriber);
    this.#opened?.resolve();
    this.#opened = undefined;
  }

  #hear({ id, data }: Message): void {
    const told = fromWire(data) as Told;
    this.#reached = Number(id);
    this.#subscribers.get(told.to)?.hear(told);
    const reached = this.#waiting.filter(({ number }) => number <= this.#reached);
    if (reached.length === 0) return;
    this.#waiting = this.#waiting.filter(({ number }) => number > this.#reached);
    for (const { resolve } of reached) resolve();
  }

  /** Nobody waits for a stream that is broken. */
  #settle(): void {
    this.#id = undefined;
    this.#opened?.resolve();
    this.#opened = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve } of waiting) resolve();
  }

  #failAll(error: Error): void {
    for (const number of [...this.#subscribers.keys()]) this.#fail(number, error);
  }

  #fail(number: number, error: Error): void {
    const subscriber = this.#subscribers.get(number);
    this.#subscribers.delete(number);
    if (subscriber?.fail) subscriber.fail(error);
    else if (subscriber) this.#broken(error);
  }
}

/** The stream itself keeps no process; who waits for something of it does. */
async function keepingProcess(waiting: Promise<unknown>): Promise<void> {
  const alive = setInterval(() => {}, longestTimerMs);
  try {
    await waiting;
  } finally {
    clearInterval(alive);
  }
}

const longestTimerMs = 2 ** 31 - 1;
