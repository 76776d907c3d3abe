/** The executor of steps, wherever they run: from a claim to a call, from the call's end to a result. */
import { abortedName, type Failure, failureOf, withoutStack } from "../../../model/failure.ts";
import { type Claim, type Executor, type Result, type Store, StoreError } from "../../ports.ts";
import { createBundles } from "../bundles.ts";
import { createRecorder, type Recorder } from "../recorder.ts";
import type { StepEnd } from "./run-step.ts";
import { store as keep, type StepCall, stepCall } from "./step-call.ts";

export type StepStore = Pick<Store, "runs" | "blobs" | "metrics" | "artifacts" | "logs">;

/** Where steps run: a pool of processes, or this one. */
export interface StepRunner {
  /** Never rejects. When `signal` aborts, it ends soon. */
  run(call: StepCall, recorder: Recorder, signal: AbortSignal): Promise<RanStep>;
  close(): Promise<void>;
  kill?(): void;
}

/** `quiet` resolves when the last of the step's output has been read, a little after its end; absent where it was read by then. */
export type RanStep = { end: StepEnd; quiet?: Promise<void> };

/** The end of a step that was aborted while it was made ready. */
export const abortedEarly: StepEnd & { end: "threw" } = {
  end: "threw",
  failure: { name: abortedName, message: "the step was aborted before it began" },
};

/** `bundleDir`: the folder that keeps bundles between runs. */
export function stepExecutor(store: StepStore, bundleDir: string, runner: StepRunner): Executor {
  const bundles = createBundles(store.runs, bundleDir);
  const tails = new Set<Promise<void>>();

  async function execute(claim: Claim, signal: AbortSignal): Promise<Result> {
    const call = await prepared(stepCall(claim, bundles, store.blobs));
    if ("failure" in call) return failed(call.failure);
    if (signal.aborted) return failed(abortedEarly.failure);
    const recorder = createRecorder(store, claim);
    const { end, quiet } = await runner.run(call, recorder, signal);
    const tail = tailOf(quiet, recorder);
    // People look at the log of a failure at once: it is complete before the failure is known. A success does not wait for its last lines.
    if (end.end === "threw") {
      await tail;
      recorder.flush();
      return failed(end.failure);
    }
    recorder.flush();
    if (end.output === undefined) return { outcome: "completed" };
    return { outcome: "completed", output: await keep(end.output, store.blobs) };
  }

  /** What the step has said last is read and stored, also when its result is known. */
  function tailOf(quiet: Promise<void> | undefined, recorder: Recorder): Promise<void> | undefined {
    if (quiet === undefined && recorder.isIdle) return undefined;
    const tail = (async () => {
      await quiet;
      await recorder.settled();
    })();
    tails.add(tail);
    const over = () => tails.delete(tail);
    tail.then(over, over);
    return tail;
  }

  async function close(): Promise<void> {
    await runner.close();
    await Promise.all(tails);
  }

  return { kind: "code", execute, close, ...(runner.kill && { kill: () => runner.kill?.() }) };
}

/** What cannot be made ready fails the task. A store that fails is not the task's failure. */
async function prepared(call: Promise<StepCall>): Promise<StepCall | { failure: Failure }> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const failure = withoutStack(failureOf(error));
    return { failure };
  }
}

const failed = (failure: Failure): Result => ({ outcome: "failed", failure });
