/** The process of a child itself: how it is forked, spoken to, signalled, and how it dies. */
import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import type { Duplex } from "node:stream";
import { ownConditions } from "../../../../model/conditions.ts";
import type { Env } from "../../../../model/environment.ts";
import type { TaskSource } from "../../../../model/task-handle.ts";
import { signalGroup } from "../signal-group.ts";
import type { Death } from "./death.ts";
import type { ToWorker } from "./protocol.ts";

export type ForkOptions = {
  /** Limit of the heap. */
  memoryMb?: number;
  /** Variables beside those of this process. */
  env?: Env;
  /** What `Task.get` and its like speak to in a step. */
  tasks?: TaskSource;
};

const workerFile = createRequire(import.meta.url).resolve("#step-process");

/** A dead process's output may be held open by a program that it has started: nobody waits longer for it. */
const drainMs = 500;

export class Forked {
  readonly process: ChildProcess;

  constructor({ memoryMb, env, tasks }: ForkOptions) {
    this.process = fork(workerFile, tasks ? [JSON.stringify(tasks)] : [], {
      ...(env && { env: { ...process.env, ...env } }),
      execArgv: [...ownConditions(), ...(memoryMb === undefined ? [] : [`--max-old-space-size=${memoryMb}`])],
      // The fifth is the lifeline: it closes when this process dies, however it dies.
      stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"],
      // A process group of its own, so that what a step has started can be ended with it.
      detached: true,
    });
  }

  /** Beside its use as such it takes back: see `lifeline.ts`. */
  get lifeline(): Duplex | undefined {
    return this.process.stdio?.[4] as Duplex | undefined;
  }

  tell(message: ToWorker): void {
    // A process that is dying does not hear; its death says so.
    if (this.process.connected) this.process.send(message, () => {});
  }

  /** To the whole group: also to what the step has started. */
  signal(signal: NodeJS.Signals): void {
    signalGroup(this.process, signal);
  }

  /** Resolves when the process is dead and its output was read. `lastError`: what it has written to stderr by then. */
  death(lastError: () => string): Promise<Death> {
    return new Promise((resolve) => {
      this.process.on("error", (error) => this.process.pid === undefined && resolve({ unstarted: error.message }));
      this.process.once("exit", (code, signal) => {
        const die = () => resolve({ code, signal, lastError: lastError() });
        const timer = setTimeout(die, drainMs);
        this.process.once("close", () => {
          clearTimeout(timer);
          die();
        });
      });
    });
  }
}
