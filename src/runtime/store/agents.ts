/** Agents, as the store knows them. */
import type { Amounts } from "../../model/resources.ts";
import type { Agent } from "../../model/task.ts";
import { LostLeaseError } from "../ports.ts";
import type { Tables } from "./tables.ts";

/** Those that were found to be known; forgotten where another process may have changed that. */
export type KnownAgents = Set<string>;

/** Inside an operation, as all below. */
export function joinAgent({ database }: Tables, agent: Agent): void {
  database.run(
    `insert into agents (id, host, pid, process_start, queues, slots, lease_until, run, resources) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (id) do update set host = excluded.host, pid = excluded.pid, process_start = excluded.process_start,
       queues = excluded.queues, slots = excluded.slots, lease_until = excluded.lease_until, run = excluded.run, resources = excluded.resources`,
    agent.id,
    agent.host,
    agent.pid,
    agent.processStart,
    JSON.stringify(agent.queues),
    agent.slots,
    agent.leaseUntil,
    agent.run,
    agent.resources && JSON.stringify(agent.resources),
  );
}

/** Throws a LostLeaseError where the agent is not known any more: it was taken for dead, and must join again. */
export function renewLease({ database }: Tables, agent: string, leaseUntil: number): void {
  const { changes } = database.run("update agents set lease_until = ? where id = ?", leaseUntil, agent);
  if (changes === 0) throw new LostLeaseError(`the agent "${agent}" was taken for dead: it must join again`);
}

export function forgetAgent({ database, agents }: Tables, agent: string): void {
  agents.delete(agent);
  database.run("delete from agents where id = ?", agent);
}

export function isKnown({ database, agents }: Tables, agent: string): boolean {
  if (agents.has(agent)) return true;
  const known = database.get("select 1 from agents where id = ?", agent) !== undefined;
  if (known) agents.add(agent);
  return known;
}

export function knownAgents({ database }: Tables): Agent[] {
  return database.all<AgentRow>("select * from agents order by id").map((row) => ({
    id: row.id,
    host: row.host,
    pid: row.pid,
    processStart: row.process_start,
    queues: JSON.parse(row.queues) as string[],
    slots: row.slots,
    leaseUntil: row.lease_until,
    ...(row.run !== null && { run: row.run }),
    ...(row.resources !== null && { resources: JSON.parse(row.resources) as Amounts }),
  }));
}

type AgentRow = {
  id: string;
  host: string;
  pid: number;
  process_start: string;
  queues: string;
  slots: number;
  lease_until: number;
  run: string | null;
  resources: string | null;
};
