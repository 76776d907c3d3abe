/** Runs scripts: each in a process of its own. Exit code 0 completes its task, any other fails it; what it prints is the task's log. */
import { dirname } from "node:path";
import type { Env } from "../../../model/environment.ts";
import { type Failure, failureOf, lostName, withoutStack } from "../../../model/failure.ts";
import type { Code } from "../../../model/task.ts";
import { waitingTypes } from "../../../model/task-type.ts";
import { type Claim, type Executor, type Result, type Revoked, StoreError } from "../../ports.ts";
import { createBundles } from "../bundles.ts";
import type { PackageSets } from "../packages.ts";
import { createRecorder, type Recorder } from "../recorder.ts";
import { createSecrets, hideIn, type Secrets } from "../secrets.ts";
import { keep } from "../stored.ts";
import { type Surroundings, secretIn, surroundingsOf } from "../surroundings.ts";
import { atAuthorsPlace } from "./authors-place.ts";
import { type Exit, OwnGroup } from "./own-group.ts";
import type { FromScript, ScriptCall, ToScript } from "./script-protocol.ts";
import { askedFor, type StepStore } from "./step-executor.ts";

export type ScriptExecutorOptions = {
  store: StepStore;
  /** Where the store is, a folder or an address: the script's process opens it itself. */
  place: string;
  /** The folder that keeps bundles between runs. */
  bundleDir: string;
  packageSets: PackageSets;
  /** The file of the program that imports scripts. */
  program: string;
  /** How long an aborted script may take to end by itself before its process is ended; default 5 s. */
  graceMs?: number;
  /** Default: the agent's own environment. */
  secrets?: Secrets;
};

export function scriptExecutor(options: ScriptExecutorOptions): Executor {
  const { store, place, bundleDir, program, packageSets, graceMs = 5_000, secrets = createSecrets() } = options;
  const bundles = createBundles(store.runs, bundleDir, packageSets);
  const running = new Set<ScriptProcess>();

  async function execute(claim: Claim, revoked: Revoked): Promise<Result> {
    const { task, attempt } = claim;
    const preparing = createRecorder(store, claim);
    const asked = askedFor(claim, { store, recorder: preparing, revoked });
    const ready = await prepared(claim, async (hash) => bundles.entry(hash, asked), secrets);
    await preparing.settled();
    if ("failure" in ready) return { outcome: "failed", failure: ready.failure };
    const { module, env, mask } = ready;
    const entry = (task.code as Code & { kind: "script" }).entry;
    const recorder = createRecorder(store, claim, mask);
    const script = new ScriptProcess(program, { place, task: task.id, attempt, entry, module }, recorder, env);
    running.add(script);
    script.endWhenAborted(revoked, graceMs);
    const end = await script.ended;
    running.delete(script);
    await recorder.settled();
    recorder.flush();
    if ("failure" in end) {
      const failure = atAuthorsPlace(end.failure, dirname(module));
      return { outcome: "failed", failure: mask ? hideIn(failure, mask) : failure };
    }
    const secret = secretIn(end.output, mask, task.name);
    if (secret) return { outcome: "failed", failure: secret };
    return { outcome: "completed", ...(end.output !== undefined && { output: await keep(end.output, store.blobs) }) };
  }

  return {
    kind: "script",
    waits: ({ options }) => waitingTypes.has(options.type),
    execute,
    async close() {},
    kill() {
      for (const script of running) script.kill();
    },
  };
}

async function prepared(
  claim: Claim,
  entryOf: (hash: `sha256:${string}`) => Promise<string>,
  secrets: Secrets,
): Promise<({ module: string } & Surroundings) | { failure: Failure }> {
  const { code } = claim.task;
  try {
    if (code.kind !== "script" || code.bundle === undefined)
      throw new Error("the task has no script that could be run");
    const surroundings = await surroundingsOf(claim, secrets);
    return { module: await entryOf(code.bundle), ...surroundings };
  } catch (error) {
    if (error instanceof StoreError) throw error;
    return { failure: withoutStack(failureOf(error)) };
  }
}

type End = { output?: string } | { failure: Failure };

/** After SIGTERM. */
const killAfterMs = 1_000;

class ScriptProcess {
  readonly ended: Promise<End>;
  readonly #group: OwnGroup<FromScript>;
  #output: string | undefined;
  #failure: Failure | undefined;

  constructor(program: string, call: ScriptCall, recorder: Recorder, env?: Env) {
    this.#group = new OwnGroup<FromScript>(program, {
      args: [JSON.stringify(call)],
      env: { ...process.env, ...env, REPRISE_STORE: call.place },
      recorder,
      hear: (message) => this.#hear(message),
    });
    this.ended = this.#end();
  }

  /** Asks, then SIGTERM, then SIGKILL. */
  endWhenAborted(revoked: Revoked, graceMs: number): void {
    this.#group.endWhenAborted(revoked, [
      { afterMs: 0, take: () => this.#group.tell({ kind: "abort" } satisfies ToScript) },
      { afterMs: graceMs, take: () => this.#group.signal("SIGTERM") },
      { afterMs: killAfterMs, take: () => this.kill() },
    ]);
  }

  kill(): void {
    this.#group.signal("SIGKILL");
  }

  #hear(message: FromScript): void {
    if (message.kind === "returns") this.#output = message.output;
    else this.#failure = message.failure;
  }

  async #end(): Promise<End> {
    const exit = await this.#group.exited;
    if ("code" in exit && exit.code === 0) return this.#output === undefined ? {} : { output: this.#output };
    return { failure: this.#failure ?? failureIn(exit) };
  }
}

function failureIn(exit: Exit): Failure {
  if ("unstarted" in exit)
    return { name: lostName, message: `the process of the script could not be started: ${exit.unstarted}` };
  const { code, signal } = exit;
  return signal === null
    ? { name: "ExitError", message: `the script ended with exit code ${code}` }
    : { name: lostName, message: `the process of the script was ended by ${signal}` };
}
