/** The end of an attempt. */
import type { Failure } from "../../model/failure.ts";
import type { AttemptOutcome, Stored } from "../../model/task.ts";
import { toColumns } from "./stored.ts";
import type { Tables } from "./tables.ts";

export type AttemptEnd = {
  task: number;
  number: number;
  outcome: Exclude<AttemptOutcome, "running">;
  output?: Stored;
  failure?: Failure;
};

/** Inside an operation. Gives the agent whose attempt it was. */
export function endAttempt(
  { database }: Tables,
  { task, number, outcome, output, failure }: AttemptEnd,
  at: number,
): string {
  return database.get<{ agent: string }>(
    "update attempts set outcome = ?, output = ?, output_bytes = ?, failure = ?, ended_at = ? where task = ? and number = ? returning agent",
    outcome,
    ...toColumns(output),
    failure && JSON.stringify(failure),
    at,
    task,
    number,
  )!.agent;
}
