/** Runs each step in a forked process of a warm pool: true stdout per task, all cores, a real kill, and no crash that takes the agent along. */
import type { Env } from "../../../model/environment.ts";
import type { TaskSource } from "../../../model/task-handle.ts";
import type { Executor } from "../../ports.ts";
import type { PackageSets } from "../packages.ts";
import { createSecrets, type Secrets } from "../secrets.ts";
import { type Child, startChild } from "./process/child.ts";
import { createPool } from "./process/pool.ts";
import { abortedEarly, type StepRunner, type StepStore, stepExecutor } from "./step-executor.ts";

export type ProcessExecutorOptions = {
  store: StepStore;
  /** The folder that keeps bundles between runs. */
  bundleDir: string;
  /** Warm processes, beside one in reserve; the agent's slots. */
  slots: number;
  /** Is a process warm before the first step comes? Default: yes. */
  ahead?: boolean;
  /** How long an aborted step may take to end by itself before its process is ended; default 5 s. */
  graceMs?: number;
  /** Of a process's heap, in megabytes; default: Node's own. */
  memoryMb?: number;
  /** Default: the agent's own environment. */
  secrets?: Secrets;
  packageSets?: PackageSets;
  /** What `Task.get` and its like speak to in a step. */
  tasks?: TaskSource;
};

export function processExecutor(options: ProcessExecutorOptions): Executor {
  const { store, bundleDir, slots, ahead = true, graceMs = 5_000, memoryMb, secrets, tasks, packageSets } = options;
  const ofChildren = { graceMs, ...(memoryMb !== undefined && { memoryMb }), ...(tasks && { tasks }) };
  const pool = createPool({ size: slots, ahead, ...ofChildren });
  /** Those that run a step with an environment of its own, which no other step is to meet. */
  const single = new Set<Child>();

  async function takeSingle(env: Env): Promise<Child> {
    const child = startChild({ ...ofChildren, env });
    single.add(child);
    void child.gone.then(() => single.delete(child));
    await Promise.race([child.ready, child.gone]);
    return child;
  }

  const runner: StepRunner = {
    async run(call, recorder, revoked, env) {
      for (;;) {
        const taken = env ? takeSingle(env) : pool.take();
        const child = taken instanceof Promise ? await taken : taken;
        const ran = revoked.aborted ? undefined : await child.run(call, recorder, revoked);
        const tookMs = ran && child.tookMs;
        const giveBack = () => (env ? child.end() : pool.giveBack(child, tookMs));
        if (ran?.quiet) return { end: ran.end, quiet: ran.quiet.then(giveBack) };
        giveBack();
        if (ran) return ran;
        if (revoked.aborted) return { end: abortedEarly };
        // It has not begun there, and another process is to run it.
      }
    },
    async close() {
      await Promise.all([pool.close(), ...[...single].map((child) => child.gone)]);
    },
    kill() {
      pool.kill();
      for (const child of single) child.kill();
    },
  };
  return stepExecutor({ store, bundleDir, runner, secrets: secrets ?? createSecrets(), packageSets });
}
