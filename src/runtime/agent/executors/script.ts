/** Runs scripts: each in a process of its own. Exit code 0 completes its task, any other fails it; what it prints is the task's log. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { Env } from "../../../model/environment.ts";
import { type Failure, failureOf, lostName, withoutStack } from "../../../model/failure.ts";
import type { Code } from "../../../model/task.ts";
import { waitingTypes } from "../../../model/task-type.ts";
import { type Claim, type Executor, type Result, StoreError } from "../../ports.ts";
import { createBundles } from "../bundles.ts";
import { createRecorder, type Recorder } from "../recorder.ts";
import { createSecrets, hideIn, type Secrets } from "../secrets.ts";
import { keep } from "../stored.ts";
import { type Surroundings, secretIn, surroundingsOf } from "../surroundings.ts";
import { atAuthorsPlace } from "./authors-place.ts";
import { cutLines } from "./process/console-lines.ts";
import type { FromScript, ScriptCall, ToScript } from "./script-protocol.ts";
import type { StepStore } from "./step-executor.ts";

export type ScriptExecutorOptions = {
  store: StepStore;
  /** Where the store is, a folder or an address: the script's process opens it itself. */
  place: string;
  /** The folder that keeps bundles between runs. */
  bundleDir: string;
  /** The file of the program that imports scripts. */
  program: string;
  /** How long an aborted script may take to end by itself before its process is ended; default 5 s. */
  graceMs?: number;
  /** Default: the agent's own environment. */
  secrets?: Secrets;
};

export function scriptExecutor(options: ScriptExecutorOptions): Executor {
  const { store, place, bundleDir, program, graceMs = 5_000, secrets = createSecrets() } = options;
  const bundles = createBundles(store.runs, bundleDir);
  const running = new Set<ScriptProcess>();

  async function execute(claim: Claim, signal: AbortSignal): Promise<Result> {
    const { task, attempt } = claim;
    const ready = await prepared(claim, (hash) => bundles.entry(hash), secrets);
    if ("failure" in ready) return { outcome: "failed", failure: ready.failure };
    const { module, env, mask } = ready;
    const entry = (task.code as Code & { kind: "script" }).entry;
    const recorder = createRecorder(store, claim, mask);
    const script = new ScriptProcess(program, { place, task: task.id, attempt, entry, module }, recorder, env);
    running.add(script);
    const relent = script.endWhenAborted(signal, graceMs);
    const end = await script.ended;
    relent();
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
      for (const script of running) script.signal("SIGKILL");
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
/** A dead process's output may be held open by a program that it has started: nobody waits longer for it. */
const drainMs = 500;
/** Lines that the store has not taken yet; a script that prints faster waits. */
const longestBacklog = 5_000;

class ScriptProcess {
  readonly ended: Promise<End>;
  readonly #process: ChildProcess;
  #output: string | undefined;
  #failure: Failure | undefined;

  constructor(program: string, call: ScriptCall, recorder: Recorder, env?: Env) {
    this.#process = fork(program, [JSON.stringify(call)], {
      env: { ...process.env, ...env, REPRISE_STORE: call.place },
      // The fifth is the lifeline: it closes when this process dies, however it dies.
      stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"],
      // A process group of its own, so that what the script has started can be ended with it.
      detached: true,
    });
    this.#process.on("message", (message: FromScript) => this.#hear(message));
    for (const name of ["stdout", "stderr"] as const) listen(this.#process[name], name, recorder);
    (this.#process.stdio?.[4] as Readable | undefined)?.on("error", () => {}).resume();
    this.ended = this.#end();
  }

  /** Asks, then SIGTERM, then SIGKILL. Gives the way to relent. */
  endWhenAborted(signal: AbortSignal, graceMs: number): () => void {
    let timer: NodeJS.Timeout | undefined;
    const ask = () => {
      if (this.#process.connected) this.#process.send({ kind: "abort" } satisfies ToScript, () => {});
      timer = setTimeout(() => {
        this.signal("SIGTERM");
        timer = setTimeout(() => this.signal("SIGKILL"), killAfterMs);
      }, graceMs);
    };
    if (signal.aborted) ask();
    else signal.addEventListener("abort", ask, { once: true });
    return () => {
      signal.removeEventListener("abort", ask);
      clearTimeout(timer);
    };
  }

  /** To the whole group: also to what the script has started. */
  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      if (process.platform === "win32") this.#process.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // It is gone already.
    }
  }

  #hear(message: FromScript): void {
    if (message.kind === "returns") this.#output = message.output;
    else this.#failure = message.failure;
  }

  async #end(): Promise<End> {
    const closed = once(this.#process, "close");
    try {
      const [code, signal] = (await once(this.#process, "exit")) as [number | null, NodeJS.Signals | null];
      this.signal("SIGKILL");
      await Promise.race([closed, pause(drainMs)]);
      if (code === 0) return this.#output === undefined ? {} : { output: this.#output };
      return { failure: this.#failure ?? failureIn(code, signal) };
    } catch (error) {
      return {
        failure: {
          name: lostName,
          message: `the process of the script could not be started: ${(error as Error).message}`,
        },
      };
    }
  }
}

const failureIn = (code: number | null, signal: NodeJS.Signals | null): Failure =>
  signal === null
    ? { name: "ExitError", message: `the script ended with exit code ${code}` }
    : { name: lostName, message: `the process of the script was ended by ${signal}` };

function listen(stream: Readable | null, name: "stdout" | "stderr", recorder: Recorder): void {
  // The process could not even be started.
  if (stream === null) return;
  const cutter = cutLines((text, level) => recorder.line(name, text, level));
  stream.setEncoding("utf8");
  stream.on("end", () => cutter.end());
  stream.on("data", (chunk: string) => {
    cutter.write(chunk);
    if (recorder.backlog < longestBacklog) return;
    stream.pause();
    void recorder.settled().then(() => stream.resume());
  });
}
