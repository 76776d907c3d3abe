/** How an agent runs what it has claimed. */
import type { Failure } from "../../model/failure.ts";
import type { Code, Stored, Task } from "../../model/task.ts";
import type { Claim } from "./queue.ts";

/** How an agent runs tasks of one kind of code. */
export interface Executor {
  readonly kind: Code["kind"];
  /** Its tasks, or those of them, mostly wait for other tasks: they hold no slot, so that a task and what it waits for never want the same one. */
  readonly waits?: true | ((task: Task) => boolean);
  /** Never rejects for a failure of the task itself. When `revoked` aborts, it ends soon, whatever the outcome. */
  execute(claim: Claim, revoked: Revoked): Promise<Result>;
  close(): Promise<void>;
  /** Ends at once what it runs outside of this process: for a process that is about to end. */
  kill?(): void;
}

/** Whether the attempt is to end: an AbortSignal, or as much of one. Listeners are called once. */
export interface Revoked {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once: true }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export type Result = { outcome: "completed"; output?: Stored } | { outcome: "failed"; failure: Failure };
