/** Runs each step in a forked process of a warm pool: true stdout per task, all cores, a real kill, and no crash that takes the agent along. */
import type { Executor } from "../../ports.ts";
import { createPool } from "./process/pool.ts";
import { abortedEarly, type StepStore, stepExecutor } from "./step-executor.ts";

export type ProcessExecutorOptions = {
  store: StepStore;
  /** The folder that keeps bundles between runs. */
  bundleDir: string;
  /** Warm processes, beside one in reserve; the agent's slots. */
  slots: number;
  /** How long an aborted step may take to end by itself before its process is ended; default 5 s. */
  graceMs?: number;
  /** Of a process's heap, in megabytes; default: Node's own. */
  memoryMb?: number;
};

export function processExecutor({
  store,
  bundleDir,
  slots,
  graceMs = 5_000,
  memoryMb,
}: ProcessExecutorOptions): Executor {
  const pool = createPool({ size: slots, graceMs, ...(memoryMb !== undefined && { memoryMb }) });
  return stepExecutor(store, bundleDir, {
    async run(call, recorder, signal) {
      const child = await pool.take();
      if (signal.aborted) {
        pool.giveBack(child);
        return { end: abortedEarly };
      }
      const { end, quiet } = await child.run(call, recorder, signal);
      return { end, quiet: quiet!.then(() => pool.giveBack(child)) };
    },
    close: () => pool.close(),
    kill: () => pool.kill(),
  });
}
