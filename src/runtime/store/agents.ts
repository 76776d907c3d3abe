/** Agents, as the store knows them. */
import type { Amounts } from "../../model/resources.ts";
import type { Agent } from "../../model/task.ts";
import { LostLeaseError } from "../ports.ts";
import type { Database } from "./database.ts";
import type { Tables } from "./tables.ts";
import { tellLeft, tellServed } from "./unserved.ts";

/** Those that are known, read again where another process may have changed that. */
export class KnownAgents {
  readonly #database: Database;
  #all: Agent[] | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Their leases may be old. */
  get all(): readonly Agent[] {
    this.#all ??= readAgents(this.#database);
    return this.#all;
  }

  forget(): void {
    this.#all = undefined;
  }
}

/** Inside an operation, as all below. */
export function joinAgent(tables: Tables, agent: Agent, at: number): void {
  tables.database.run(
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
  tables.agents.forget();
  if (agent.slots > 0) tellServed(tables, agent, at);
  else tellLeft(tables, [agent], at);
}

/** Throws a LostLeaseError where the agent is not known any more: it was taken for dead, and must join again. */
export function renewLease({ database }: Tables, agent: string, leaseUntil: number): void {
  const { changes } = database.run("update agents set lease_until = ? where id = ?", leaseUntil, agent);
  if (changes === 0) throw new LostLeaseError(`the agent "${agent}" was taken for dead: it must join again`);
}

/** What waits for them, and for nobody else, says so. */
export function forgetAgents(tables: Tables, gone: readonly Agent[], at: number): void {
  for (const { id } of gone) tables.database.run("delete from agents where id = ?", id);
  tables.agents.forget();
  tellLeft(tables, gone, at);
}

export function leave(tables: Tables, id: string, at: number): void {
  forgetAgents(
    tables,
    tables.agents.all.filter((agent) => agent.id === id),
    at,
  );
}

export const isKnown = ({ agents }: Tables, id: string): boolean => agents.all.some((agent) => agent.id === id);

export function readAgents(database: Database): Agent[] {
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
