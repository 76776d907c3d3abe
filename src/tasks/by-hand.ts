/** A script that somebody runs by hand: its process is a task for as long as it lives, or until the script closes it. */
import { randomBytes } from "node:crypto";
import { basename, join } from "node:path";
import { type Failure, failureOf } from "../model/failure.ts";
import { taskOptions } from "../model/options.ts";
import { runId } from "../model/run-id.ts";
import type { Code, Task } from "../model/task.ts";
import { bindScript, type InitOptions, type RunningTask } from "../model/task-handle.ts";
import { waitingTypes } from "../model/task-type.ts";
import { createStepContext } from "../runtime/agent/executors/step-context.ts";
import { holdLease, type Lease, thisProcess } from "../runtime/agent/lease.ts";
import { createRecorder, type Recorder } from "../runtime/agent/recorder.ts";
import { keep } from "../runtime/controller/stored.ts";
import { ConflictError, type Draft, type Outcome, type Store } from "../runtime/ports.ts";
import { heardOutput } from "./heard-output.ts";
import { type Life, runningTaskOf } from "./running-task.ts";

/** One at a time. */
let open: Task | undefined;

const leaseMs = 30_000;
/** So long a script that was aborted may take to end by itself. */
const graceMs = 5_000;

/** Rejects with a ConflictError where the process is a task already. `folder`: the store's. */
export async function beginByHand(store: Store, folder: string, options: InitOptions): Promise<RunningTask> {
  if (open)
    throw new ConflictError(
      `this process is the task ${open.id} already: end it by task.close() before the next Task.init(…)`,
    );
  const agent = `script-${randomBytes(4).toString("hex")}`;
  const record = { id: agent, ...thisProcess(), queues: [], slots: 0 };
  const lease = await holdLease(store, record, { leaseMs, failed: () => {} });
  const task = await store.tasks.begin(await draftOf(store, folder, options), agent);
  open = task;
  return runningTaskOf(store, task.id, new OwnLife(store, task, agent, lease));
}

async function draftOf(store: Store, folder: string, { name, comment, ...options }: InitOptions): Promise<Draft> {
  const file = process.argv[1];
  const code = file === undefined ? { kind: "script" as const, entry: "" } : await codeOf(store, folder, file);
  return {
    id: runId(Date.now()),
    name: name ?? (basename(code.entry).replace(/\.\w+$/, "") || "script"),
    code,
    options: taskOptions(options, options.type && waitingTypes.has(options.type) ? "pipeline" : "step"),
    ...(comment !== undefined && { comment }),
  };
}

/** One that cannot be bundled runs all the same, but nobody else can run it. */
async function codeOf(store: Store, folder: string, file: string): Promise<Code & { kind: "script" }> {
  const { compileScript } = await import("../compiler/compile.ts");
  try {
    const { entry, bundle, input } = await compileScript(file, { cache: join(folder, "cache") });
    return {
      kind: "script",
      entry,
      bundle: await store.runs.keepBundle(bundle),
      ...(input !== undefined && { input }),
    };
  } catch (error) {
    if ((error as Error).name !== "CompileError") throw error;
    console.warn(
      `this task cannot be cloned to run elsewhere, as its script does not compile:\n${(error as Error).message}`,
    );
    return { kind: "script", entry: basename(file) };
  }
}

class OwnLife implements Life {
  readonly #store: Store;
  readonly #task: Task;
  readonly #agent: string;
  readonly #lease: Lease;
  readonly #recorder: Recorder;
  readonly #context;
  readonly #giveBackOutput: () => void;
  readonly #unwatch: () => void;
  #output: string | undefined;
  #failure: Failure | undefined;
  #over = false;

  constructor(store: Store, task: Task, agent: string, lease: Lease) {
    this.#store = store;
    this.#task = task;
    this.#agent = agent;
    this.#lease = lease;
    this.#recorder = createRecorder(store, {
      task,
      attempt: task.attempt,
      earlier: { failures: 0, timedOut: 0, lost: 0 },
    });
    const spools = join(store.blobs.spool, randomBytes(8).toString("hex"));
    const { id, name, attempt, createdAt } = task;
    const call = { id, name, attempt, createdAt, spools };
    this.#context = createStepContext(call, this.#recorder);
    this.#giveBackOutput = heardOutput((stream, text, level) => this.#recorder.line(stream, text, level));
    this.#unwatch = store.queue.watch(agent, { ready() {}, revoked: () => this.#aborted() });
    bindScript(this.#context.context);
    process.once("beforeExit", this.#beforeExit);
    process.once("exit", this.#exit);
    process.on("uncaughtExceptionMonitor", this.#uncaught);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, this.#interrupted);
  }

  returns(output: string): void {
    this.#output = output;
  }

  async end(): Promise<void> {
    if (this.#over) return;
    const output = this.#output === undefined ? undefined : await keep(this.#store.blobs, this.#output);
    await this.#finish({ outcome: "completed", ...(output && { output }) });
  }

  async handOver(queue: string | undefined): Promise<void> {
    const { tasks } = this.#store;
    await this.#finish({
      outcome: "aborted",
      reason: queue === undefined ? "kept as a draft" : `handed over to the queue "${queue}"`,
    });
    await tasks.reset(this.#task.id);
    if (queue !== undefined) await tasks.enqueue(this.#task.id, queue);
    process.stderr.write(
      queue === undefined
        ? `the task ${this.#task.id} is a draft now: clone it, or enqueue it with reprise task enqueue ${this.#task.id}\n`
        : `the task ${this.#task.id} waits in the queue "${queue}" now\n`,
    );
    process.exit(0);
  }

  async #finish(outcome: Outcome): Promise<void> {
    this.#leave();
    await this.#context.close();
    await this.#recorder.settled();
    await this.#report(outcome);
    await this.#store.queue.leave(this.#agent);
  }

  #report(outcome: Outcome): Promise<boolean> {
    return this.#store.queue.report({
      task: this.#task.id,
      attempt: this.#task.attempt,
      agent: this.#agent,
      ...outcome,
    });
  }

  readonly #beforeExit = (): void => void this.end();

  /** Nothing asynchronous happens any more; what the store was asked for is committed as it closes. */
  readonly #exit = (code: number): void => {
    const failure = this.#failure ?? { name: "ExitError", message: `the script ended with exit code ${code}` };
    void this.#endAtOnce(
      code === 0
        ? { outcome: "completed", ...(this.#output !== undefined && { output: { text: this.#output } }) }
        : { outcome: "failed", failure },
    );
  };

  readonly #interrupted = (signal: NodeJS.Signals): void => {
    // A store elsewhere takes a moment.
    void this.#endAtOnce({ outcome: "aborted", reason: `interrupted (${signal})` }).finally(() =>
      process.kill(process.pid, signal),
    );
  };

  #endAtOnce(outcome: Outcome): Promise<void> {
    this.#leave();
    this.#recorder.flush();
    void this.#report(outcome);
    void this.#store.queue.leave(this.#agent);
    return this.#store.close();
  }

  readonly #uncaught = (error: unknown): void => {
    this.#failure = failureOf(error);
  };

  #aborted(): void {
    process.stderr.write(`the task ${this.#task.id} was aborted\n`);
    this.#leave();
    this.#context.abort();
    setTimeout(() => process.exit(130), graceMs).unref();
  }

  #leave(): void {
    if (this.#over) return;
    this.#over = true;
    open = undefined;
    this.#giveBackOutput();
    this.#unwatch();
    this.#lease.end();
    bindScript(undefined);
    process.off("beforeExit", this.#beforeExit);
    process.off("exit", this.#exit);
    process.off("uncaughtExceptionMonitor", this.#uncaught);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, this.#interrupted);
  }
}
