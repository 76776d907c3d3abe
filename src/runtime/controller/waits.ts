/** The waits of a run: promises that the graph holds on one side, times and signals on the other. */
import type { Clock } from "../../model/clock.ts";
import { giveUp, type Mailbox, mailbox, receive, send } from "../../model/mailbox.ts";
import { overLimit, signalWait } from "../../model/signal.ts";
import { dueAt, type Timer } from "../../model/timer.ts";
import type { Command } from "../ports.ts";

/** Given where there is nothing, and never changed. */
const none: never[] = [];

/** What earlier controllers of the run have recorded. */
export type RecordedWaits = {
  /** Path → the time of its end, where it has one: it was computed once. */
  untils: Map<string, number | undefined>;
  /** Paths whose time has come. */
  fired: Set<string>;
};

/** A wait whose end is to be recorded when its time has come. */
export type Alarm = { path: string; until: number };

type Wait = PromiseWithResolvers<unknown> & { signal?: { name: string; limitMs: number } };

export class Waits {
  readonly #clock: Clock;
  readonly #recorded: RecordedWaits;
  /** Most runs wait for nothing but their steps. */
  #open: Map<string, Wait> | undefined;
  #mail: Map<string, Mailbox<unknown>> | undefined;
  #commands: Command[] = [];
  #alarms: Alarm[] = [];
  #answered: string[] = [];

  constructor(clock: Clock, recorded: RecordedWaits) {
    this.#clock = clock;
    this.#recorded = recorded;
  }

  /** What the body gave that is no time rejects the promise, as in a plain call. */
  timer(path: string, timer: Timer): Promise<unknown> {
    let until: number;
    try {
      until = dueAt(timer, this.#clock.now());
    } catch (error) {
      return Promise.reject(error);
    }
    const wait: Wait = Promise.withResolvers();
    this.#wait(path, wait);
    this.#begin(path, { until });
    return wait.promise;
  }

  signal(path: string, given: unknown, options: unknown): Promise<unknown> {
    let asked: ReturnType<typeof signalWait>;
    try {
      asked = signalWait(given, options);
    } catch (error) {
      return Promise.reject(error);
    }
    const { name, limitMs, transient } = asked;
    const sent = receive(this.#mailbox(name), path, transient);
    const how = { signal: name, ...(transient && { transient }) };
    if (sent) {
      this.#begin(path, how);
      return Promise.resolve(sent.value);
    }
    const wait: Wait = { ...Promise.withResolvers(), signal: { name, limitMs: limitMs ?? Number.POSITIVE_INFINITY } };
    this.#wait(path, wait);
    this.#begin(path, { ...how, ...(limitMs !== undefined && { until: this.#clock.now() + limitMs }) });
    return wait.promise;
  }

  /** The time of the wait at that path has come: a timer's end, a signal's limit. Of a wait that is over it says nothing new. */
  fire(path: string): void {
    const wait = this.#open?.get(path);
    if (wait === undefined) return;
    this.#open?.delete(path);
    if (wait.signal === undefined) wait.resolve(undefined);
    else {
      const { name, limitMs } = wait.signal;
      giveUp(this.#mailbox(name), path);
      wait.reject(overLimit(name, limitMs));
    }
  }

  /** A signal was sent: the wait that waited longest takes it, or a later one. */
  deliver(name: string, value: unknown): void {
    const path = send(this.#mailbox(name), value);
    if (path === undefined) return;
    this.#open!.get(path)!.resolve(value);
    this.#open!.delete(path);
    this.#answered.push(path);
  }

  /** Is there a wait that ends by itself? A signal without a limit may never come. */
  get endsSometime(): boolean {
    for (const { signal } of this.#open?.values() ?? [])
      if (signal === undefined || Number.isFinite(signal.limitMs)) return true;
    return false;
  }

  /** Waits that have begun since the last time and are not recorded yet. */
  takeCommands(): Command[] {
    const commands = this.#commands;
    if (commands.length === 0) return none;
    this.#commands = [];
    return commands;
  }

  /** Their ends, and those of waits that an earlier controller has recorded. */
  takeAlarms(): Alarm[] {
    const alarms = this.#alarms;
    if (alarms.length === 0) return none;
    this.#alarms = [];
    return alarms.filter(({ path }) => this.#open?.has(path));
  }

  /** Paths of signals that came since the last time: their limits do not matter any more. */
  takeAnswered(): string[] {
    const answered = this.#answered;
    if (answered.length === 0) return none;
    this.#answered = [];
    return answered;
  }

  #wait(path: string, wait: Wait): void {
    this.#open ??= new Map();
    this.#open.set(path, wait);
  }

  #begin(path: string, wait: Omit<Extract<Command, { kind: "wait" }>, "kind" | "path">): void {
    const { untils, fired } = this.#recorded;
    const until = untils.has(path) ? untils.get(path) : wait.until;
    if (!untils.delete(path)) this.#commands.push({ kind: "wait", path, ...wait });
    // What has fired is among the recorded events, and still to be delivered.
    if (until !== undefined && !fired.delete(path)) this.#alarms.push({ path, until });
  }

  #mailbox(name: string): Mailbox<unknown> {
    this.#mail ??= new Map();
    let box = this.#mail.get(name);
    if (box === undefined) {
      box = mailbox();
      this.#mail.set(name, box);
    }
    return box;
  }
}
