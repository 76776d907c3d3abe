import { systemClock } from "../../model/clock.ts";
import { ParamsError } from "../../model/params.ts";
import { PipelineError } from "../../model/pipeline.ts";
import { ConflictError, type Executor, LostLeaseError, type Store, StoreError } from "../ports.ts";
import { type Conditions, control, stopped } from "./controller.ts";
import { defaultBudget } from "./graph/fuel.ts";
import { limitsOf } from "./own-process.ts";
import { Programs } from "./programs.ts";

/** What the pipeline asks of the store does not fit what is there. */
const isForPeople = (error: unknown): boolean =>
  error instanceof PipelineError || error instanceof ConflictError || error instanceof ParamsError;

/**
 * Runs the graphs of claimed controller tasks, any number at once. A run that cannot go on because the store cannot be written rejects
 * with that StoreError: it did not fail, and can be resumed.
 */
export function controllerExecutor(
  store: Store,
  { clock = systemClock, budget = defaultBudget, ...limits }: Partial<Conditions> = {},
): Executor {
  const programs = new Programs(store.runs);
  return {
    kind: "controller",
    waits: true,
    async execute(claim, signal) {
      const { code } = claim.task;
      if (code.kind !== "controller")
        throw new Error(`the task ${claim.task.id} is no controller: its code is ${code.kind}`);
      try {
        return await control(claim, await programs.get(code), store, signal, {
          clock,
          budget,
          ...limitsOf(budget),
          ...limits,
        });
      } catch (error) {
        if (error instanceof LostLeaseError) return stopped;
        if (error instanceof StoreError) throw error;
        const { name, message } = error as Error;
        return {
          outcome: "failed",
          failure: { name: isForPeople(error) ? name : "InternalError", message },
        };
      }
    },
    async close() {},
  };
}
