import { type StepContext, stepContext } from "../model/context.ts";

/** The task that runs, seen from inside it. */
export const Task = {
  /**
   * The context of the running step: `scalar`, `progress`, `artifact`, `log`, `signal`, `idempotencyKey`. In a plain
   * call it is a stand-in that prints. Throws an Error outside of a step; in a pipeline's body it is a compile problem.
   *
   * @example
   * export const train = step(async ({ depth }: { depth: number }) => {
   *   Task.current().scalar("accuracy", "train", 1 - 0.5 ** depth, depth); // title, series, value, iteration
   *   await Task.current().artifact("notes.txt", "a deep tree");
   * });
   */
  current(): StepContext {
    const context = stepContext.getStore();
    if (context === undefined)
      throw new Error(
        "Task.current() was called where no step runs: call it inside a step, before or after its awaits",
      );
    return context;
  },
};
