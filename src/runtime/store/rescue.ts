/** The rescue: what agents that are gone were running is queued again. */
import { type Failure, lostName } from "../../model/failure.ts";
import { isWithin } from "../../model/identity.ts";
import type { Agent, TaskId } from "../../model/task.ts";
import { forgetAgent, knownAgents } from "./agents.ts";
import { archiveAttempt } from "./attempts.ts";
import { requeue } from "./report.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";

/**
 * Inside an operation. An agent that has left, or was forgotten, is gone; of the others, `dead` says so. Gives the tasks. Agents that are gone
 * are forgotten, unless only one run is rescued: another run may still look for what they ran.
 */
export function rescue(tables: Tables, dead: (agent: Agent) => boolean, run: TaskId | undefined, at: number): TaskId[] {
  const known = knownAgents(tables);
  const gone = new Set(known.filter(dead).map((agent) => agent.id));
  const alive = new Set(known.filter((agent) => !gone.has(agent.id)).map((agent) => agent.id));
  const lost = runningTasks(tables).filter(
    ({ id, agent }) => !alive.has(agent!) && (run === undefined || isWithin(id, run)),
  );
  for (const task of lost) lose(tables, task, at);
  if (run === undefined) for (const id of gone) forgetAgent(tables, id);
  return lost.map(({ id }) => id);
}

function lose(tables: Tables, task: TaskRow, at: number): void {
  const { attempt } = task;
  const agent = task.agent!;
  const failure: Failure = { name: lostName, message: `the agent "${agent}" that ran it is gone` };
  archiveAttempt(tables, task, { outcome: "lost", failure }, at);
  tables.events.append(task, at, { kind: "retrying", attempt, failure }, { agent, attempt });
  requeue(tables, task, at);
}

function runningTasks({ database, rows, write }: Tables): TaskRow[] {
  write();
  const running = "select key from tasks where status = 'running' order by key";
  return database.all<{ key: number }>(running).map(({ key }) => rows.at(key));
}
