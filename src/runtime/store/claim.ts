/** Claiming: due tasks become running attempts of an agent. */
import { type Amounts, changed } from "../../model/resources.ts";
import type { Earlier } from "../../model/retry.ts";
import type { TaskId } from "../../model/task.ts";
import { type Claim, type Claimed, type ClaimRequest, ConflictError } from "../ports.ts";
import { isKnown } from "./agents.ts";
import { earlierOf } from "./attempts.ts";
import { enterLane, enterQueue, roomIn } from "./lanes.ts";
import { move } from "./moves.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";
import type { TaskRows } from "./task-rows.ts";

/** Inside an operation. Throws a ConflictError where the agent is not known: whatever it claimed would be taken for lost. */
export function claim(tables: Tables, request: ClaimRequest, at: number): Claimed {
  const { agent, queues, limit, run, resources = {} } = request;
  if (!isKnown(tables, agent))
    throw new ConflictError(`the agent "${agent}" is not known: it must join before it claims`);
  const root = rootKey(tables.rows, run);
  const claims: Claim[] = [];
  let offered = resources;
  for (const queue of queues)
    for (let room = roomIn(tables, queue); room > 0 && claims.length < limit; room--) {
      const task = next(tables, queue, root, offered, at);
      if (task === undefined) break;
      claims.push(claimTask(tables, task, agent, at));
      if (task.resources) offered = changed(offered, task.resources, -1);
    }
  const dueAt = tables.waiting.nextDueAt(queues, root, at);
  return dueAt === undefined ? { claims } : { claims, dueAt };
}

/** Those whose lane is full are held, and are not among the next. */
function next(
  tables: Tables,
  queue: string,
  root: number | undefined,
  offered: Amounts,
  at: number,
): TaskRow | undefined {
  for (;;) {
    const task = tables.waiting.next(queue, root, offered, at);
    if (task === undefined || task.lane === null || enterLane(tables, task, task.lane, at)) return task;
  }
}

/** Nothing is of a run that does not exist. */
const rootKey = (rows: TaskRows, run: TaskId | undefined): number | undefined =>
  run === undefined ? undefined : (rows.get(run)?.key ?? -1);

const none: Earlier = { failures: 0, timedOut: 0, lost: 0 };

function claimTask(tables: Tables, task: TaskRow, agent: string, at: number): Claim {
  const { tasks, events, rows } = tables;
  move(task, "claim");
  task.attempt += 1;
  task.agent = agent;
  task.startedAt = at;
  rows.changed(task, "claim");
  events.append(task, at, { kind: "running", attempt: task.attempt, agent });
  enterQueue(tables, task);
  const earlier = task.attempt === 1 ? none : earlierOf(tables, task);
  const claim = { task: tasks.of(task), attempt: task.attempt, earlier };
  return task.isNew ? { ...claim, isNew: true } : claim;
}
