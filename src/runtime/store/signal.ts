/** Signals: what somebody outside sends to a run is an event of it. */
import type { Stored, TaskId } from "../../model/task.ts";
import { ended } from "../../model/task.ts";
import { ConflictError } from "../ports.ts";
import type { Tables } from "./tables.ts";

/** Inside an operation. False where the run had ended. Throws a ConflictError where there is no such run. */
export function signalRun(tables: Tables, id: TaskId, signal: { name: string; value?: Stored }, at: number): boolean {
  const run = tables.tasks.run(id);
  if (run === undefined) throw new ConflictError(`there is no run "${id}"`);
  if (ended(run.status)) return false;
  const itself = { key: run.key, id };
  tables.events.append({ ...itself, run: itself }, at, { kind: "signal", ...signal });
  return true;
}
