/**
 * Runs steps in the agent's own process: for light steps, and for debugging. Nothing holds a step that does not let go: an aborted one is
 * given up after a grace period, and computes on unheard. A rejection that nobody handles is the whole process's.
 */

import { abortedName } from "../../../model/failure.ts";
import type { Executor } from "../../ports.ts";
import { captureConsole } from "./inline-console.ts";
import { runStep, type StepEnd } from "./run-step.ts";
import { createStepContext } from "./step-context.ts";
import { type StepStore, stepExecutor } from "./step-executor.ts";

export type InlineExecutorOptions = {
  store: StepStore;
  /** The folder that keeps bundles between runs. */
  bundleDir: string;
  /** How long an aborted step may take to end by itself before it is given up; default 5 s. */
  graceMs?: number;
};

/** `console` goes to the log of the step that uses it; what is written to `process.stdout` itself does not. */
export function inlineExecutor({ store, bundleDir, graceMs = 5_000 }: InlineExecutorOptions): Executor {
  process.setSourceMapsEnabled(true);
  const console = captureConsole();
  return stepExecutor(store, bundleDir, {
    async run(call, recorder, signal) {
      const bound = createStepContext(call, recorder);
      const { abort, close } = bound;
      signal.addEventListener("abort", () => console.run(recorder, abort), { once: true });
      const ran = console.run(recorder, () => runStep(call, bound));
      const end = await Promise.race([ran, givenUp(signal, graceMs, ran)]);
      await close();
      return { end, quiet: Promise.resolve() };
    },
    close: async () => console.release(),
  });
}

/** Resolves a grace period after the abort, unless the step has ended by then. */
function givenUp(signal: AbortSignal, graceMs: number, ran: Promise<StepEnd>): Promise<StepEnd> {
  return new Promise((resolve) => {
    const giveUp = () =>
      resolve({ end: "threw", failure: { name: abortedName, message: "the step was aborted, and does not end" } });
    const wait = () => {
      const timer = setTimeout(giveUp, graceMs);
      void ran.then(() => clearTimeout(timer));
    };
    if (signal.aborted) wait();
    else signal.addEventListener("abort", wait, { once: true });
    void ran.then(() => signal.removeEventListener("abort", wait));
  });
}
