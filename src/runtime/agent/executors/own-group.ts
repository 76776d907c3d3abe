/**
 * A forked process that leads a process group of its own, so that what it has started can be ended with it. What it prints becomes lines, and its fifth stream
 * is its lifeline: it closes when this process dies, however it dies.
 */

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { LogLine } from "../../../model/log.ts";
import type { Revoked } from "../../ports.ts";
import type { Recorder } from "../recorder.ts";
import { type Measure, takeInTurn } from "./measures.ts";
import { cutLines } from "./process/console-lines.ts";
import { signalGroup } from "./signal-group.ts";

export type OwnGroupOptions<Message> = {
  args?: string[];
  env?: NodeJS.ProcessEnv;
  /** Gets the lines; one that cannot keep up makes the process wait. */
  recorder: Pick<Recorder, "line" | "backlog" | "settled">;
  hear(message: Message): void;
};

/** How the process ended. */
export type Exit = { code: number | null; signal: NodeJS.Signals | null } | { unstarted: string };

/** A dead process's output may be held open by a program that it has started: nobody waits longer for it. */
const drainMs = 500;
/** Lines that the store has not taken yet; a process that prints faster waits. */
const longestBacklog = 5_000;

export class OwnGroup<Message> {
  /** Resolves when the process is dead, all that it has started too, and its output was read. */
  readonly exited: Promise<Exit>;
  readonly #process: ChildProcess;

  constructor(program: string, { args = [], env = process.env, recorder, hear }: OwnGroupOptions<Message>) {
    this.#process = fork(program, args, { env, stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"], detached: true });
    this.#process.on("message", (message: Message) => hear(message));
    for (const name of ["stdout", "stderr"] as const) listen(this.#process[name], name, recorder);
    (this.#process.stdio?.[4] as Readable | undefined)?.on("error", () => {}).resume();
    this.exited = this.#exit();
  }

  /** A process that is dying does not hear. */
  tell(message: object): void {
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  /** To the whole group: also to what the process has started. */
  signal(signal: NodeJS.Signals): void {
    signalGroup(this.#process, signal);
  }

  /** Takes one measure after the other from the abort on, until the process has ended. */
  endWhenAborted(revoked: Revoked, measures: readonly Measure[]): void {
    let stop = () => {};
    const begin = () => {
      stop = takeInTurn(measures);
    };
    if (revoked.aborted) begin();
    else revoked.addEventListener("abort", begin, { once: true });
    void this.exited.then(() => {
      revoked.removeEventListener("abort", begin);
      stop();
    });
  }

  async #exit(): Promise<Exit> {
    const closed = once(this.#process, "close");
    try {
      const [code, signal] = (await once(this.#process, "exit")) as [number | null, NodeJS.Signals | null];
      this.signal("SIGKILL");
      await Promise.race([closed, pause(drainMs)]);
      return { code, signal };
    } catch (error) {
      return { unstarted: (error as Error).message };
    }
  }
}

function listen(stream: Readable | null, name: LogLine["stream"], recorder: OwnGroupOptions<never>["recorder"]): void {
  // The process could not even be started.
  if (stream === null) return;
  const cutter = cutLines((text, level) => recorder.line(name, text, level));
  stream.setEncoding("utf8");
  stream.on("end", () => cutter.end());
  stream.on("data", (chunk: string) => {
    cutter.write(chunk);
    if (recorder.backlog < longestBacklog) return;
    stream.pause();
    void recorder.settled().then(() => stream.resume());
  });
}
