/** Claiming: due entries become running attempts of an agent. */
import { type Claim, type ClaimRequest, ConflictError } from "../ports.ts";
import { dueEntries, type Entry, removeEntry } from "./entries.ts";
import { moveSql } from "./moves.ts";
import type { Tables } from "./tables.ts";

const start = `${moveSql("claim", "attempt = attempt + 1, started_at = ?")} returning attempt`;

/** Inside an operation. Throws a ConflictError where the agent is not known: whatever it claimed would be taken for lost. */
export function claim(tables: Tables, { agent, queues, limit, run }: ClaimRequest, at: number): Claim[] {
  const { database } = tables;
  if (database.get("select 1 from agents where id = ?", agent) === undefined)
    throw new ConflictError(`the agent "${agent}" is not known: it must join before it claims`);
  const claims: Claim[] = [];
  for (const queue of queues) {
    if (claims.length >= limit) break;
    for (const entry of dueEntries(tables, queue, at, limit - claims.length, run))
      claims.push(claimEntry(tables, entry, agent, at));
  }
  return claims;
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
  return { task, attempt, failures: attempt === 1 ? 0 : failures(tables, key) };
}

function failures({ database }: Tables, task: number): number {
  return database.get<{ n: number }>("select count(*) as n from attempts where task = ? and outcome = 'failed'", task)!
    .n;
}
