/** The executor of steps, wherever they run: from a claim to a call, from the call's end to a result. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "../../../model/environment.ts";
import { abortedName, type Failure, failureOf, withoutStack } from "../../../model/failure.ts";
import { type Claim, type Executor, type Result, type Revoked, type Store, StoreError } from "../../ports.ts";
import { createBundles } from "../bundles.ts";
import { type Asked, createPackageSets, type PackageSets } from "../packages.ts";
import { createRecorder, type Recorder } from "../recorder.ts";
import { signalOf } from "../revocation.ts";
import { hideIn, type Mask, type Secrets } from "../secrets.ts";
import { keep } from "../stored.ts";
import { type Surroundings, secretIn, surroundingsOf } from "../surroundings.ts";
import type { StepEnd } from "./run-step.ts";
import { codeOf, type StepCall, spoolOf, stepCall } from "./step-call.ts";

export type StepStore = Pick<
  Store,
  "tasks" | "runs" | "blobs" | "metrics" | "figures" | "artifacts" | "logs" | "checkpoints"
>;

/** Where steps run: a pool of processes, or this one. */
export interface StepRunner {
  /** Never rejects. When `revoked` aborts, it ends soon. */
  run(call: StepCall, recorder: Recorder, revoked: Revoked, env?: Env): Promise<RanStep>;
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

export type StepExecutorOptions = {
  store: StepStore;
  /** The folder that keeps bundles between runs. */
  bundleDir: string;
  runner: StepRunner;
  /** Without them, steps run where none can have an environment of its own. */
  secrets?: Secrets;
  /** Default: in `packages`, beside the folder of bundles. */
  packageSets?: PackageSets | undefined;
};

export function stepExecutor({ store, bundleDir, runner, secrets, packageSets }: StepExecutorOptions): Executor {
  const sets = packageSets ?? createPackageSets({ folder: join(bundleDir, "..", "packages") });
  const bundles = createBundles(store.runs, bundleDir, sets);
  const tails = new Set<Promise<void>>();

  async function execute(claim: Claim, revoked: Revoked): Promise<Result> {
    const ready = readyAtOnce(claim) ?? (await makeReady(claim, revoked));
    if ("failure" in ready) return failed(ready.failure);
    if (revoked.aborted) return failed(abortedEarly.failure);
    const { call, recorder, env, mask } = ready;
    const { end: ended, quiet } = await runner.run(call, recorder, revoked, env);
    const end = mask ? masked(ended, mask, call.name) : ended;
    const tail = tailOf(quiet, recorder, call);
    // People look at the log of a failure at once: it is complete before the failure is known. A success does not wait for its last lines.
    if (end.end === "threw") {
      await tail;
      recorder.flush();
      return failed(end.failure);
    }
    recorder.flush();
    if (end.output === undefined) return { outcome: "completed" };
    const output = keep(end.output, store.blobs);
    return { outcome: "completed", output: output instanceof Promise ? await output : output };
  }

  /** What the step has said last is read and stored, also when its result is known. */
  function tailOf(quiet: Promise<void> | undefined, recorder: Recorder, call: StepCall): Promise<void> | undefined {
    if (quiet === undefined && recorder.isIdle) return undefined;
    const tail = (async () => {
      await quiet;
      await tidied(recorder, call);
    })();
    tails.add(tail);
    const over = () => tails.delete(tail);
    tail.then(over, over);
    return tail;
  }

  /** Where nothing is to be asked for first, as of most steps. */
  function readyAtOnce(claim: Claim): Ready | undefined {
    const { code, options } = claim.task;
    if (code.kind !== "code" || options.env !== undefined || options.secrets !== undefined) return undefined;
    const entry = bundles.known(code.bundle);
    if (entry === undefined) return undefined;
    return { call: stepCall(claim, entry, store.blobs), recorder: createRecorder(store, claim) };
  }

  /** What cannot be made ready fails the task. A store that fails is not the task's failure. */
  async function makeReady(claim: Claim, revoked: Revoked): Promise<Ready | { failure: Failure }> {
    try {
      const asked = surroundingsOf(claim, secrets);
      const surroundings = asked instanceof Promise ? await asked : asked;
      const recorder = createRecorder(store, claim, surroundings.mask);
      try {
        const entry = await bundles.entry(codeOf(claim).bundle, askedFor(claim, { store, recorder, revoked }));
        const call = stepCall(claim, entry, store.blobs);
        return { call, recorder, ...surroundings };
      } finally {
        if (!recorder.isIdle) await recorder.settled();
      }
    } catch (error) {
      if (error instanceof StoreError) throw error;
      return { failure: withoutStack(failureOf(error)) };
    }
  }

  async function close(): Promise<void> {
    await runner.close();
    await Promise.all(tails);
  }

  return { kind: "code", execute, close, ...(runner.kill && { kill: () => runner.kill?.() }) };
}

/** What is done for the task's packages stands in its log, and among its events. */
export function askedFor(
  { task, attempt }: Claim,
  { store, recorder, revoked }: { store: Pick<Store, "tasks">; recorder: Recorder; revoked: Revoked },
): Asked {
  return {
    say: (line) => recorder.line("stderr", line, "info"),
    installing: (packages) => store.tasks.installing(task.id, attempt, packages),
    signal: signalOf(revoked),
  };
}

type Ready = { call: StepCall; recorder: Recorder } & Surroundings;

/** What a step left on its way is nobody's. */
async function tidied(recorder: Recorder, call: StepCall): Promise<void> {
  await recorder.settled();
  if (await recorder.end()) await rm(spoolOf(call), { recursive: true, force: true });
}

function masked(end: StepEnd, mask: Mask, step: string): StepEnd {
  if (end.end === "threw") return { end: "threw", failure: hideIn(end.failure, mask) };
  const failure = secretIn(end.output, mask, step);
  return failure ? { end: "threw", failure } : end;
}

const failed = (failure: Failure): Result => ({ outcome: "failed", failure });
