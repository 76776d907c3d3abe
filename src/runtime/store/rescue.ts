/** The rescue: what agents that are gone were running is queued again. */
import { type Failure, lostName } from "../../model/failure.ts";
import type { Agent, TaskId } from "../../model/task.ts";
import { forgetAgent, knownAgents } from "./agents.ts";
import { endAttempt } from "./attempts.ts";
import { requeueTask } from "./report.ts";
import type { Tables } from "./tables.ts";

/**
 * Inside an operation. An agent that has left, or was forgotten, is gone; of the others, `dead` says so. Gives the tasks. Agents that are gone
 * are forgotten, unless only one run is rescued: another run may still look for what they ran.
 */
export function rescue(tables: Tables, dead: (agent: Agent) => boolean, run: TaskId | undefined, at: number): TaskId[] {
  const known = knownAgents(tables);
  const gone = new Set(known.filter(dead).map((agent) => agent.id));
  const alive = new Set(known.filter((agent) => !gone.has(agent.id)).map((agent) => agent.id));
  const lost = runningAttempts(tables, run).filter((attempt) => !alive.has(attempt.agent));
  for (const { task, number, agent } of lost) lose(tables, task, number, agent, at);
  if (run === undefined) for (const id of gone) forgetAgent(tables, id);
  return lost.map(({ task }) => task);
}

function lose(tables: Tables, id: TaskId, attempt: number, agent: string, at: number): void {
  const { tasks, events } = tables;
  const task = tasks.ref(id);
  const failure: Failure = { name: lostName, message: `the agent "${agent}" that ran it is gone` };
  endAttempt(tables, { task: task.key, number: attempt, outcome: "lost", failure }, at);
  requeueTask(tables, task, events.append(task, at, { kind: "retrying", attempt, failure }, { agent, attempt }), at);
}

type RunningAttempt = { task: TaskId; number: number; agent: string };

function runningAttempts({ database }: Tables, run: TaskId | undefined): RunningAttempt[] {
  const running = `select t.id as task, a.number, a.agent from tasks t join attempts a on a.task = t.key and a.number = t.attempt
    where t.status = 'running'`;
  return run === undefined
    ? database.all<RunningAttempt>(running)
    : // `+` keeps it from the index of ids: few of a run's tasks run.
      database.all<RunningAttempt>(`${running} and (+t.id = ?1 or +t.id > ?1 || '/' and +t.id < ?1 || '0')`, run);
}
