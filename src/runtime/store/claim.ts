/** Claiming: due tasks become running attempts of an agent. */
import type { TaskId } from "../../model/task.ts";
import { type Claim, type ClaimRequest, ConflictError } from "../ports.ts";
import { isKnown } from "./agents.ts";
import { move } from "./moves.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";
import type { TaskRows } from "./task-rows.ts";

/** Inside an operation. Throws a ConflictError where the agent is not known: whatever it claimed would be taken for lost. */
export function claim(tables: Tables, { agent, queues, limit, run }: ClaimRequest, at: number): Claim[] {
  if (!isKnown(tables, agent))
    throw new ConflictError(`the agent "${agent}" is not known: it must join before it claims`);
  const { rows, waiting } = tables;
  const root = rootKey(rows, run);
  const claims: Claim[] = [];
  for (const queue of queues)
    while (claims.length < limit) {
      const task = waiting.next(queue, root, at);
      if (task === undefined) break;
      claims.push(claimTask(tables, task, agent, at));
    }
  return claims;
}

/** Nothing is of a run that does not exist. */
export const rootKey = (rows: TaskRows, run: TaskId | undefined): number | undefined =>
  run === undefined ? undefined : (rows.get(run)?.key ?? -1);

function claimTask({ tasks, events, rows }: Tables, task: TaskRow, agent: string, at: number): Claim {
  move(task, "claim");
  task.attempt += 1;
  task.agent = agent;
  task.startedAt = at;
  rows.changed(task, "claim");
  events.append(task, at, { kind: "running", attempt: task.attempt, agent });
  const claim = { task: tasks.of(task), attempt: task.attempt, failures: task.failures };
  return task.isNew ? { ...claim, isNew: true } : claim;
}
