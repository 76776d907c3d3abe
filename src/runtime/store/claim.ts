/** Claiming: due entries become running attempts of an agent. */
import { timeLimitName } from "../../model/failure.ts";
import { type Amounts, changed, covers } from "../../model/resources.ts";
import type { Earlier } from "../../model/retry.ts";
import { type Claim, type ClaimRequest, ConflictError } from "../ports.ts";
import { dueEntries, type Entry, removeEntry } from "./entries.ts";
import { enterLane, enterQueue } from "./lanes.ts";
import { moveSql } from "./moves.ts";
import type { Tables } from "./tables.ts";

const start = `${moveSql("claim", "attempt = attempt + 1, started_at = ?")} returning attempt`;

/** Inside an operation. Throws a ConflictError where the agent is not known: whatever it claimed would be taken for lost. */
export function claim(tables: Tables, request: ClaimRequest, at: number): Claim[] {
  const { agent, queues, limit, run, resources = {} } = request;
  if (tables.database.get("select 1 from agents where id = ?", agent) === undefined)
    throw new ConflictError(`the agent "${agent}" is not known: it must join before it claims`);
  const claims: Claim[] = [];
  let offered = resources;
  for (const queue of queues) {
    const full = new Set<string>();
    // Those that are passed over are held, or need too much: they are not among the next.
    for (let passed = true; passed && claims.length < limit; ) {
      passed = false;
      for (const entry of dueEntries(tables, { queue, now: at, limit: limit - claims.length, offered, run })) {
        const needed: Amounts = entry.resources === null ? {} : JSON.parse(entry.resources);
        if (covers(offered, needed) && mayStart(tables, entry, full, at)) {
          claims.push(claimEntry(tables, entry, agent, at));
          if (entry.room !== null) enterQueue(tables, entry.task, queue);
          offered = changed(offered, needed, -1);
        } else passed = true;
      }
    }
  }
  return claims;
}

/** `full`: lanes that were found so in this claim. */
function mayStart(tables: Tables, { task, lane }: Entry, full: Set<string>, at: number): boolean {
  if (lane === null) return true;
  if (!full.has(lane) && enterLane(tables, task, lane, at)) return true;
  full.add(lane);
  return false;
}

function claimEntry(tables: Tables, { task: key, run }: Entry, agent: string, at: number): Claim {
  const { database, tasks, events } = tables;
  removeEntry(tables, key);
  const { attempt } = database.get<{ attempt: number }>(start, at, key)!;
  database.run(
    "insert into attempts (task, number, agent, outcome, started_at) values (?, ?, ?, 'running', ?)",
    key,
    attempt,
    agent,
    at,
  );
  const task = tasks.at(key);
  events.append({ key, id: task.id, run: { key: run, id: task.run ?? task.id } }, at, {
    kind: "running",
    attempt,
    agent,
  });
  return { task, attempt, earlier: attempt === 1 ? none : earlierOf(tables, key) };
}

const none: Earlier = { failures: 0, timedOut: 0, lost: 0 };

function earlierOf({ database }: Tables, task: number): Earlier {
  return database.get<Earlier>(
    `select count(*) filter (where outcome = 'failed') as failures, count(*) filter (where outcome = 'lost') as lost,
       count(*) filter (where outcome = 'failed' and failure ->> 'name' = '${timeLimitName}') as timedOut
     from attempts where task = ?`,
    task,
  )!;
}
