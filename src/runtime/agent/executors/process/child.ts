/** A step process, seen from the agent: it runs one step at a time, and may die at any moment. */

import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import type { Readable } from "node:stream";
import { ownConditions } from "../../../../model/conditions.ts";
import type { Env } from "../../../../model/environment.ts";
import type { TaskSource } from "../../../../model/task-handle.ts";
import type { Revoked } from "../../../ports.ts";
import type { Recorder } from "../../recorder.ts";
import type { StepEnd } from "../run-step.ts";
import type { StepCall } from "../step-call.ts";
import type { RanStep } from "../step-executor.ts";
import { type Death, lostFailure } from "./death.ts";
import { type Output, outputOf } from "./output.ts";
import { type FromWorker, type Question, receivedDraft, receivedPoint, type ToWorker } from "./protocol.ts";

export type ChildOptions = {
  /** How long an aborted step may take to end by itself. */
  graceMs: number;
  /** Limit of the heap. */
  memoryMb?: number;
  /** Variables beside those of this process. */
  env?: Env;
  /** What `Task.get` and its like speak to in a step. */
  tasks?: TaskSource;
};

export interface Child {
  /** False once a step has left it in a state that no other should meet, or it is dead. */
  readonly usable: boolean;
  /** What its last step took. */
  readonly tookMs: number;
  /** Resolves when it waits for its first step. */
  readonly ready: Promise<void>;
  /** Resolves when the process is dead and its output was read. */
  readonly gone: Promise<Death>;
  /** Runs a step; also a process that dies is an end. One at a time: the next when the last one is `quiet`. */
  run(call: StepCall, recorder: Recorder, revoked: Revoked): Promise<RanStep>;
  /** Ends it in an orderly way. */
  end(): void;
  /** Ends it and all that it has started, at once. */
  kill(): void;
}

export function startChild(options: ChildOptions): Child {
  return new ForkedChild(options);
}

const workerFile = createRequire(import.meta.url).resolve("#step-process");

/** After SIGTERM. */
const killAfterMs = 1_000;
/** A dead process's output may be held open by a program that it has started: nobody waits longer for it. */
const drainMs = 500;
/** Lines that the store has not taken yet; a step that prints faster waits. */
const longestBacklog = 5_000;

/** The step that a child runs, or whose output it still gives. */
type Running = {
  recorder: Recorder;
  ended: PromiseWithResolvers<StepEnd>;
  /** There where the process has not got rid of all that the step has printed. */
  printed?: PromiseWithResolvers<void>;
};

class ForkedChild implements Child {
  readonly gone: Promise<Death>;
  usable = true;
  tookMs = 0;
  readonly #ready = Promise.withResolvers<void>();
  #dead: Death | undefined;
  readonly #process: ChildProcess;
  readonly #options: ChildOptions;
  /** The last one, until there is a next: what it left running may still print. */
  #running: Running | undefined;
  readonly #outputs: Output[];
  #lastError = "";

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#process = fork(workerFile, options.tasks ? [JSON.stringify(options.tasks)] : [], {
      ...(options.env && { env: { ...process.env, ...options.env } }),
      execArgv: [
        ...ownConditions(),
        ...(options.memoryMb === undefined ? [] : [`--max-old-space-size=${options.memoryMb}`]),
      ],
      // The fifth is the lifeline: it closes when this process dies, however it dies.
      stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"],
      // A process group of its own, so that what a step has started can be ended with it.
      detached: true,
    });
    this.#process.on("message", (message: FromWorker) => this.#hear(message));
    this.#outputs = [this.#listen("stdout"), this.#listen("stderr")].filter((output) => output !== undefined);
    // Nothing comes from there, but its end, for which Node waits.
    (this.#process.stdio?.[4] as Readable | undefined)?.on("error", () => {}).resume();
    this.gone = this.#death();
    void this.gone.then((death) => this.#buried(death));
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  async run(call: StepCall, recorder: Recorder, revoked: Revoked): Promise<RanStep> {
    const running: Running = { recorder, ended: Promise.withResolvers() };
    this.#running = running;
    if (this.#dead) this.#buried(this.#dead);
    else this.#tell({ kind: "run", call });
    const relent = this.#endWhenAborted(revoked);
    const end = await running.ended.promise;
    relent();
    if (running.printed === undefined) {
      this.#readRest();
      return { end };
    }
    return { end, quiet: this.#unlessStuck(running.printed.promise).then(() => this.#readRest()) };
  }

  end(): void {
    this.usable = false;
    this.#tell({ kind: "end" });
    const timer = setTimeout(() => this.kill(), killAfterMs);
    void this.gone.then(() => clearTimeout(timer));
  }

  kill(): void {
    this.#signal("SIGKILL");
  }

  #tell(message: ToWorker): void {
    // A process that is dying does not hear; its death says so.
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  #hear(message: FromWorker): void {
    if (message.kind === "ready") return this.#ready.resolve();
    const running = this.#running!;
    const { recorder } = running;
    switch (message.kind) {
      case "reports":
        for (const point of message.points) recorder.scalar(receivedPoint(point));
        for (const figure of message.figures) recorder.figure(figure);
        if (message.progress !== undefined) recorder.progress(message.progress);
        return;
      case "announce":
      case "withdraw":
        return recorder[message.kind](message.upload);
      case "question":
        return void this.#answer(message.number, message.question, recorder);
      case "returned":
      case "threw":
        this.tookMs = message.ms;
        if (message.printing) running.printed = Promise.withResolvers();
        if (message.kind === "threw" && message.spoiled) this.usable = false;
        return running.ended.resolve(endOf(message));
      case "printed":
        return running.printed?.resolve();
    }
  }

  async #answer(to: number, question: Question, recorder: Recorder): Promise<void> {
    try {
      this.#tell({ kind: "answer", to, value: await answerTo(question, recorder) });
    } catch (error) {
      this.#tell({ kind: "answer", to, refused: (error as Error).message });
    }
  }

  #listen(name: "stdout" | "stderr"): Output | undefined {
    const stream = this.#process[name];
    // The process could not even be started.
    if (!stream) return undefined;
    return outputOf(stream, {
      line: (text, level) => this.#running?.recorder.line(name, text, level),
      text: (text) => {
        if (name === "stderr") this.#lastError = (this.#lastError + text).slice(-4_096);
        const recorder = this.#running?.recorder;
        return recorder !== undefined && recorder.backlog >= longestBacklog ? recorder.settled() : undefined;
      },
      // What the next step prints would be lost.
      end: () => (this.usable = false),
    });
  }

  /** What the step has printed last: its process has no other before this was read. */
  #readRest(): void {
    for (const output of this.#outputs) output.readRest();
    if (!this.usable) this.kill();
  }

  /** A process that neither gets rid of what its step has printed nor gives more of it is stuck in what the step left running. */
  async #unlessStuck(printed: Promise<void>): Promise<void> {
    const timer = setTimeout(() => this.kill(), this.#options.graceMs);
    const refresh = () => timer.refresh();
    for (const output of this.#outputs) output.stream.on("data", refresh);
    await Promise.race([printed, this.gone]);
    clearTimeout(timer);
    for (const output of this.#outputs) output.stream.off("data", refresh);
  }

  /** Asks, then SIGTERM, then SIGKILL. Gives the way to relent. */
  #endWhenAborted(revoked: Revoked): () => void {
    let timer: NodeJS.Timeout | undefined;
    const ask = () => {
      this.#tell({ kind: "abort" });
      timer = setTimeout(terminate, this.#options.graceMs);
    };
    const terminate = () => {
      this.#signal("SIGTERM");
      timer = setTimeout(() => this.kill(), killAfterMs);
    };
    if (revoked.aborted) ask();
    else revoked.addEventListener("abort", ask, { once: true });
    return () => {
      revoked.removeEventListener("abort", ask);
      clearTimeout(timer);
    };
  }

  /** To the whole group: also to what the step has started. */
  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    this.usable = false;
    if (pid === undefined) return;
    try {
      if (process.platform === "win32") this.#process.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // It is gone already.
    }
  }

  #death(): Promise<Death> {
    return new Promise((resolve) => {
      this.#process.on("error", (error) => this.#process.pid === undefined && resolve({ unstarted: error.message }));
      this.#process.once("exit", (code, signal) => {
        // What the step has started ends with it.
        this.kill();
        const die = () => resolve({ code, signal, lastError: this.#lastError });
        const timer = setTimeout(die, drainMs);
        this.#process.once("close", () => {
          clearTimeout(timer);
          die();
        });
      });
    });
  }

  #buried(death: Death): void {
    this.#dead = death;
    this.usable = false;
    this.#running?.ended.resolve({ end: "threw", failure: lostFailure(death, this.#options.memoryMb) });
  }
}

function endOf(message: FromWorker & { kind: "returned" | "threw" }): StepEnd {
  if (message.kind === "threw") return { end: "threw", failure: message.failure };
  return message.output === undefined ? { end: "returned" } : { end: "returned", output: message.output };
}

function answerTo(question: Question, recorder: Recorder): Promise<unknown> {
  switch (question.kind) {
    case "artifact":
      return recorder.artifact(receivedDraft(question.draft));
    case "content":
      return recorder.content(question.hash);
    case "find":
      return recorder.find(question.task, question.name, question.role);
    case "saveCheckpoint":
      return recorder.saveCheckpoint(question.text);
    case "loadCheckpoint":
      return recorder.loadCheckpoint();
  }
}
