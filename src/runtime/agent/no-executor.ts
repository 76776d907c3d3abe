import type { Claim, Executor, Result } from "../ports.ts";

/** For what a queue holds of a kind of code that its agent was not made for: it fails, and says so. */
export function noExecutor({ task }: Claim): Executor {
  const message = `this agent of the queue "${task.options.queue}" cannot run tasks of the kind "${task.code.kind}": enqueue them where one does`;
  const result: Result = { outcome: "failed", failure: { name: "Error", message } };
  return { kind: task.code.kind, execute: async () => result, close: async () => {} };
}
