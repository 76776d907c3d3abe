/**
 * Runs steps in the agent's own process: for light steps, and for debugging. Nothing holds a step that does not let go: an aborted one is
 * given up after a grace period, and computes on unheard. A rejection that nobody handles is the whole process's.
 */

import { abortedName } from "../../../model/failure.ts";
import type { Executor, Revoked } from "../../ports.ts";
import type { PackageSets } from "../packages.ts";
import { captureConsole } from "./inline-console.ts";
import { runStep } from "./run-step.ts";
import type { StepCall } from "./step-call.ts";
import { type BoundContext, createStepContext } from "./step-context.ts";
import { type RanStep, type StepRunner, type StepStore, stepExecutor } from "./step-executor.ts";

export type InlineExecutorOptions = {
  store: StepStore;
  /** The folder that keeps bundles between runs. */
  bundleDir: string;
  packageSets?: PackageSets;
  /** How long an aborted step may take to end by itself before it is given up; default 5 s. */
  graceMs?: number;
};

/** `console` goes to the log of the step that uses it; what is written to `process.stdout` itself does not. */
export function inlineExecutor({ store, bundleDir, packageSets, graceMs = 5_000 }: InlineExecutorOptions): Executor {
  process.setSourceMapsEnabled(true);
  const console = captureConsole();
  const runner: StepRunner = {
    run(call, recorder, revoked) {
      const bound = createStepContext(call, recorder);
      console.capture(bound.context, recorder);
      return ranToEnd(call, bound, revoked, graceMs);
    },
    close: async () => console.release(),
  };
  return stepExecutor({ store, bundleDir, runner, packageSets });
}

/** What the step comes to; or, where it has not ended a grace period after the abort, that it was given up. */
function ranToEnd(call: StepCall, bound: BoundContext, revoked: Revoked, graceMs: number): Promise<RanStep> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const wait = () => {
      timer = setTimeout(() => resolve(givenUp), graceMs);
      bound.abort();
    };
    if (revoked.aborted) wait();
    else revoked.addEventListener("abort", wait, { once: true });
    void runStep(call, bound).then((end) => {
      const ended = () => {
        revoked.removeEventListener("abort", wait);
        clearTimeout(timer);
        resolve({ end });
      };
      const closing = bound.close();
      if (closing) void closing.then(ended);
      else ended();
    });
  });
}

const givenUp: RanStep = {
  end: { end: "threw", failure: { name: abortedName, message: "the step was aborted, and does not end" } },
};
