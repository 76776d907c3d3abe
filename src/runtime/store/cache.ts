/** The cache: a clone with a key becomes completed with the output of an earlier task, where there is one. */
import { type CacheKey, type CacheOutcome, type CachePolicy, cacheAgent, nearestOf } from "../../model/cache.ts";
import type { Hash } from "../../model/hash.ts";
import type { Monitor } from "../../model/monitor.ts";
import type { TaskId } from "../../model/task.ts";
import type { Cache } from "../ports.ts";
import { copyProducts } from "./copy-products.ts";
import { move } from "./moves.ts";
import { fromColumns, type StoredColumns } from "./stored.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";

export function cacheOf({ database }: Tables): Cache {
  return {
    why: (task) =>
      database.read(() => {
        const row = database.get<{ outcome: string }>(
          "select outcome from cache where task = (select key from tasks where id = ?)",
          task,
        );
        return row && (JSON.parse(row.outcome) as CacheOutcome);
      }),
  };
}

export type Cacheable = {
  task: TaskRow;
  key: CacheKey;
  policy: CachePolicy;
  monitor: Monitor | undefined;
};

/** Inside an operation: says why the draft is taken from the cache, or is to run, and gives whether it is completed. */
export function takeFromCache(tables: Tables, draft: Cacheable, at: number): boolean {
  const { task, key, policy } = draft;
  // Its row, and how earlier ones have ended, are to be found.
  tables.write();
  const project = projectOf(tables, task);
  const within: Within = policy.scope === "project" ? { project } : undefined;
  const found = key.refresh ? undefined : newest(tables, key.hash, within);
  const fresh = found && (policy.ttlMs === undefined || found.ended_at + policy.ttlMs >= at) ? found : undefined;
  const outcome: CacheOutcome = fresh
    ? { outcome: "hit", from: fresh.id }
    : found
      ? { outcome: "miss", reason: "expired", nearest: found.id }
      : whyNot(tables, draft, within);
  note(tables, draft, project, outcome);
  tables.events.append(task, at, { kind: "cache", ...outcome });
  if (fresh) complete(tables, draft, fresh, at);
  return fresh !== undefined;
}

/** Its own, else that of its run. */
function projectOf({ rows, configurations }: Tables, task: TaskRow): string | undefined {
  const own = ({ configuration }: TaskRow) => configurations.get(configuration).options.project;
  return own(task) ?? (task.run === null ? undefined : own(rows.at(task.run)));
}

/** Only tasks of that project, or of none; absent: whatever their project. */
type Within = { project: string | undefined } | undefined;

type Earlier = { key: number; id: TaskId; ended_at: number; output: StoredColumns[0]; output_bytes: StoredColumns[1] };

const usable = "c.ran = 1 and t.status = 'completed' and t.archived = 0";
const inProject = "(? or c.project is ?)";
const bounds = (within: Within) => [Number(within === undefined), within?.project] as const;

function newest({ database }: Tables, key: Hash, within: Within): Earlier | undefined {
  return database.get<Earlier>(
    `select t.key, t.id, t.ended_at, t.output, t.output_bytes from cache c join tasks t on t.key = c.task
     where c.key = ? and ${usable} and ${inProject} order by t.ended_at desc, c.task desc limit 1`,
    key,
    ...bounds(within),
  );
}

/** So many earlier tasks of the step are compared. */
const compared = 20;

function whyNot({ database }: Tables, { task, key }: Cacheable, within: Within): CacheOutcome {
  if (key.refresh) return { outcome: "miss", reason: "refresh" };
  const earlier = database
    .all<Record<"id" | "code" | "input" | "configuration" | "environment", string>>(
      `select t.id, c.code, c.input, c.configuration, c.environment from cache c join tasks t on t.key = c.task
       where c.step = ? and ${usable} and ${inProject} order by c.task desc limit ?`,
      task.name,
      ...bounds(within),
      compared,
    )
    .map(({ id, ...parts }) => ({ id, parts: parts as CacheKey["parts"] }));
  const found = nearestOf(key.parts, earlier);
  if (found === undefined) return { outcome: "miss", reason: "first" };
  return { outcome: "miss", reason: "changed", nearest: found.earlier.id, differs: found.differs };
}

function note(
  { database }: Tables,
  { task, key }: Cacheable,
  project: string | undefined,
  outcome: CacheOutcome,
): void {
  const { code, input, configuration, environment } = key.parts;
  database.run(
    `insert into cache (task, key, code, input, configuration, environment, step, project, outcome, ran)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    task.key,
    key.hash,
    code,
    input,
    configuration,
    environment,
    task.name,
    project,
    JSON.stringify(outcome),
    Number(outcome.outcome === "miss"),
  );
}

/** As its first attempt, which nobody made: whatever reads a task's output finds it there. */
function complete(tables: Tables, { task, monitor }: Cacheable, from: Earlier, at: number): void {
  const { rows, events } = tables;
  const output = fromColumns([from.output, from.output_bytes]);
  move(task, "cache");
  task.attempt = 1;
  task.agent = cacheAgent;
  task.startedAt = at;
  task.endedAt = at;
  task.output = output;
  rows.changed(task);
  copyProducts(tables, { key: from.key, id: from.id }, task, monitor, at);
  events.append(task, at, { kind: "completed", attempt: 1, ...(output && { output }) });
}
