/** Signals: what somebody outside sends to a run is an event of it. */
import { ended, type Stored, type TaskId } from "../../model/task.ts";
import { controllerOf } from "./controllers.ts";
import type { Tables } from "./tables.ts";

/** Inside an operation. False where the run had ended. Throws a ConflictError where there is no such run. */
export function signalRun(tables: Tables, id: TaskId, signal: { name: string; value?: Stored }, at: number): boolean {
  const run = controllerOf(tables, id);
  if (ended(run.status)) return false;
  tables.events.appendOf(run, at, { kind: "signal", ...signal });
  return true;
}
