import type { ChildProcess } from "node:child_process";

/** To a process that leads a group of its own, and to all that it has started. One that is gone does not hear. */
export function signalGroup(leader: ChildProcess, signal: NodeJS.Signals): void {
  const { pid } = leader;
  if (pid === undefined) return;
  try {
    if (process.platform === "win32") leader.kill(signal);
    else process.kill(-pid, signal);
  } catch {
    // It is gone already.
  }
}
