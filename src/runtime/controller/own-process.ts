/**
 * A graph that runs in a process of its own, seen from its controller: for a body that has outgrown the process that it shared with other
 * runs. There it may compute for its whole budget and holds up nobody; where it does not answer, or takes too much memory, it is
 * ended, and its run fails. To the controller it is a graph like any other.
 */
import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import type { Clock } from "../../model/clock.ts";
import { ownConditions } from "../../model/conditions.ts";
import { type Failure, lostName } from "../../model/failure.ts";
import type { TaskId } from "../../model/task.ts";
import { encode } from "../../model/value.ts";
import type { Blobs, Revoked } from "../ports.ts";
import type { Heard } from "./history.ts";
import type { FromChild, Setting, ToChild } from "./own-process/protocol.ts";
import { storedIn, type Turn, unreadBlob } from "./running-graph.ts";
import { textOf } from "./stored.ts";

export type Limits = {
  /** How long a body may compute without a pause. */
  patienceMs: number;
  /** How large its heap may grow. */
  memoryMb: number;
};

/** The time that the budget takes, ten times over. */
export const limitsOf = (budget: number): Limits => ({ patienceMs: Math.max(10_000, budget / 1_000), memoryMb: 512 });

const childFile = createRequire(import.meta.url).resolve("#controller-process");

export class OwnProcess {
  readonly #setting: Setting;
  readonly #blobs: Blobs;
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #child: ChildProcess;
  #watchdog: NodeJS.Timeout | undefined;
  #answer: PromiseWithResolvers<Turn> | undefined;
  #open: TaskId[] = [];
  #lastError = "";
  #over: Failure | undefined;

  constructor(setting: Setting, { blobs, clock, ...limits }: Limits & { blobs: Blobs; clock: Clock }) {
    this.#setting = setting;
    this.#blobs = blobs;
    this.#clock = clock;
    this.#limits = limits;
    this.#child = fork(childFile, [], {
      execArgv: [...ownConditions(), `--max-old-space-size=${limits.memoryMb}`],
      serialization: "advanced",
      // The fifth closes when this process dies, however it dies: see `lifeline.ts`.
      stdio: ["ignore", "ignore", "pipe", "ipc", "pipe"],
    });
    this.#child.on("message", (message: FromChild) => this.#hear(message));
    this.#child.on("error", (error) => this.#end({ name: lostName, message: ended(error.message) }));
    this.#child.on("close", (code, signal) => this.#end(this.#death(code, signal)));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#lastError = (this.#lastError + text).slice(-4_096);
    });
  }

  start(params: unknown): Promise<Turn> {
    return this.#ask({ kind: "start", setting: this.#setting, params: encode(params), now: this.#clock.now() });
  }

  /** Large values are read here: the process has no store. */
  async turn(events: readonly Heard[], signal: Pick<Revoked, "aborted">): Promise<Turn> {
    const complete = await Promise.all(events.map((event) => this.#complete(event)));
    if (signal.aborted) return new Promise(() => {}); // nobody waits for it any more
    return this.#ask({ kind: "turn", events: complete, now: this.#clock.now() });
  }

  open(): TaskId[] {
    return this.#open;
  }

  close(): void {
    this.#over ??= { name: lostName, message: "closed" };
    this.#relax();
    this.#child.kill("SIGKILL");
  }

  #ask(message: ToChild): Promise<Turn> {
    this.#answer = Promise.withResolvers();
    if (this.#over) this.#answer.resolve(this.#failed(this.#over));
    else {
      const { patienceMs } = this.#limits;
      this.#watchdog = setTimeout(() => this.#end(tooLong(patienceMs)), patienceMs);
      this.#child.send(message, () => {}); // a process that is dying does not hear; its death says so
    }
    return this.#answer.promise;
  }

  async #complete(event: Heard): Promise<Heard> {
    const stored = storedIn(event);
    if (stored === undefined || "text" in stored) return event;
    if (unreadBlob(event, this.#setting.program.unread) !== undefined) return event;
    const value = { text: await textOf(this.#blobs, stored) };
    return event.kind === "completed" ? { ...event, output: value } : ({ ...event, value } as Heard);
  }

  #hear(message: FromChild): void {
    if (message.kind === "alive") return void this.#watchdog?.refresh();
    this.#relax();
    this.#open = message.open;
    this.#answer?.resolve(message.turn);
  }

  /** Nothing is asked of it. */
  #relax(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = undefined;
  }

  #end(failure: Failure): void {
    if (this.#over) return;
    this.close();
    this.#over = failure;
    this.#answer?.resolve(this.#failed(failure));
  }

  #failed(failure: Failure): Turn {
    return {
      kind: "settled",
      decisions: [],
      clones: [],
      commands: [],
      aborts: this.#open,
      outcome: { kind: "failed", failure },
    };
  }

  #death(code: number | null, signal: string | null): Failure {
    if (this.#lastError.includes("heap out of memory")) return tooLarge(this.#limits.memoryMb);
    return { name: lostName, message: ended(signal ? `by ${signal}` : `with exit code ${code}`) };
  }
}

const ended = (how: string) => `the process that ran the pipeline's body has ended: ${how}`;

const tooLong = (ms: number): Failure => ({
  name: "BudgetError",
  message:
    `the pipeline's body computed for more than ${ms / 1_000} s without a pause, perhaps in a regular expression that goes back and forth. ` +
    "Move that computation into a step, or raise the budget (--budget, or open({ budget }))",
});

const tooLarge = (mb: number): Failure => ({
  name: "BudgetError",
  message: `the pipeline's body needs more than ${mb} MB of memory: keep large data in steps, which hand it to each other`,
});
