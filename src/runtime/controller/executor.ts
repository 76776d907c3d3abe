import { type Executor, LostLeaseError, type Store, StoreError } from "../ports.ts";
import { control, stopped } from "./controller.ts";
import { Programs } from "./programs.ts";

/**
 * Runs the graphs of claimed controller tasks, any number at once. A run that cannot go on because the store cannot be written rejects
 * with that StoreError: it did not fail, and can be resumed.
 */
export function controllerExecutor(store: Store): Executor {
  const programs = new Programs(store.runs);
  return {
    kind: "controller",
    async execute(claim, signal) {
      const { code } = claim.task;
      if (code.kind !== "controller")
        throw new Error(`the task ${claim.task.id} is no controller: its code is ${code.kind}`);
      try {
        return await control(claim, await programs.get(code.pipeline), store, signal);
      } catch (error) {
        if (error instanceof LostLeaseError) return stopped;
        if (error instanceof StoreError) throw error;
        return { outcome: "failed", failure: { name: "InternalError", message: (error as Error).message } };
      }
    },
    async close() {},
  };
}
