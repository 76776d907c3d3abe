import { formatDuration } from "./duration.ts";
import { type Failure, timeLimitName } from "./failure.ts";
import type { Code } from "./task.ts";

/** Of an attempt that ran for longer than its task may. */
export function timeLimitFailure(code: Code["kind"], limitMs: number): Failure {
  const what = code === "controller" ? "pipeline" : code === "code" ? "step" : code;
  return { name: timeLimitName, message: `the ${what} ran longer than its time limit of ${formatDuration(limitMs)}` };
}
