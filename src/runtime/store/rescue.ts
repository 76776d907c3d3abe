/** The rescue: what agents that are gone were running is queued again. */
import { type Failure, lostName } from "../../model/failure.ts";
import { survivesLoss } from "../../model/retry.ts";
import type { Agent, TaskId } from "../../model/task.ts";
import { forgetAgent, knownAgents } from "./agents.ts";
import { endAttempt } from "./attempts.ts";
import { heldLanes, leaveLanes } from "./lanes.ts";
import { moveSql } from "./moves.ts";
import { requeueTask } from "./report.ts";
import type { Tables } from "./tables.ts";

const fail = moveSql("fail", "ended_at = ?");
const abort = moveSql("abort", "reason = ?, ended_at = ?");

/**
 * Inside an operation. An agent that has left, or was forgotten, is gone; of the others, `dead` says so. Gives the tasks. Agents that are gone
 * are forgotten, unless only one run is rescued: another run may still look for what they ran.
 */
export function rescue(tables: Tables, dead: (agent: Agent) => boolean, run: TaskId | undefined, at: number): TaskId[] {
  const known = knownAgents(tables);
  const gone = new Set(known.filter(dead).map((agent) => agent.id));
  const alive = new Set(known.filter((agent) => !gone.has(agent.id)).map((agent) => agent.id));
  const lost = runningAttempts(tables, run).filter((attempt) => !alive.has(attempt.agent));
  // A process that made itself a task serves no queue: nobody else is to run what it ran.
  const own = new Set(known.filter(({ queues }) => queues.length === 0).map(({ id }) => id));
  for (const { task, number, agent } of lost)
    if (own.has(agent)) end(tables, task, number, at);
    else lose(tables, task, number, agent, at);
  if (run === undefined) for (const id of gone) forgetAgent(tables, id);
  return lost.map(({ task }) => task);
}

function lose(tables: Tables, id: TaskId, attempt: number, agent: string, at: number): void {
  const { tasks, events } = tables;
  const task = tasks.ref(id);
  leave(tables, task.key, at);
  const failure: Failure = { name: lostName, message: `the agent "${agent}" that ran it is gone` };
  endAttempt(tables, { task: task.key, number: attempt, outcome: "lost", failure }, at);
  const revoked = { agent, attempt };
  if (isTriedAgain(tables, task.key)) {
    requeueTask(tables, task, events.append(task, at, { kind: "retrying", attempt, failure }, revoked), at);
  } else {
    tables.database.run(fail, at, task.key);
    events.append(task, at, { kind: "failed", attempt, failure }, revoked);
  }
}

/** A step that was lost too often may be what takes agents along; a run is none. */
function isTriedAgain({ database, configurations }: Tables, task: number): boolean {
  const { configuration, lost } = database.get<{ configuration: number; lost: number }>(
    `select configuration, (select count(*) from attempts where task = key and outcome = 'lost') as lost
     from tasks where key = ?`,
    task,
  )!;
  const { code, options } = configurations.get(configuration);
  return code.kind === "controller" || survivesLoss(options.retry, lost);
}

function end(tables: Tables, id: TaskId, attempt: number, at: number): void {
  const { database, tasks, events } = tables;
  const task = tasks.ref(id);
  const reason = "its process is gone";
  database.run(abort, reason, at, task.key);
  endAttempt(
    tables,
    { task: task.key, number: attempt, outcome: "lost", failure: { name: lostName, message: reason } },
    at,
  );
  events.append(task, at, { kind: "aborted", reason });
}

function leave(tables: Tables, task: number, at: number): void {
  const { lanes } = tables.database.get<{ lanes: string | null }>(
    `select ${heldLanes} from tasks t where key = ?`,
    task,
  )!;
  if (lanes !== null) leaveLanes(tables, task, lanes, at);
}

type RunningAttempt = { task: TaskId; number: number; agent: string };

function runningAttempts({ database }: Tables, run: TaskId | undefined): RunningAttempt[] {
  const running = `select t.id as task, a.number, a.agent from tasks t join attempts a on a.task = t.key and a.number = t.attempt
    where t.status = 'running'`;
  return run === undefined
    ? database.all<RunningAttempt>(running)
    : // `+` keeps it from the index of ids: few of a run's tasks run.
      // What others hold of a lane, this run may be waiting for.
      database.all<RunningAttempt>(
        `${running} and (+t.id = ?1 or +t.id > ?1 || '/' and +t.id < ?1 || '0' or exists (select 1 from holds where task = t.key))`,
        run,
      );
}
