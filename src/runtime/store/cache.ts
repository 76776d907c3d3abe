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

export function cacheOf(tables: Tables): Cache {
  const { database } = tables;
  return {
    why: (task) =>
      database.read(() => {
        const row = database.get<{ outcome: string }>(
          "select outcome from cache where task = (select key from tasks where id = ?)",
          task,
        );
        return row && (JSON.parse(row.outcome) as CacheOutcome);
      }),
    look: ({ project, ...step }) =>
      database.read(() => look(tables, step, withinOf(step.policy, project), Date.now()).outcome),
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
  const { outcome, fresh } = look(tables, { name: task.name, key, policy }, withinOf(policy, project), at);
  note(tables, { task, key, outcome, project });
  tables.events.append(task, at, { kind: "cache", ...outcome });
  if (fresh) complete(tables, draft, { ...fresh, output: fromColumns([fresh.output, fresh.output_bytes]) }, at);
  return fresh !== undefined;
}

export type Retaken = { task: TaskRow; from: TaskId; monitor: Monitor | undefined };

/** Inside an operation: the draft takes the output of the same call of an earlier run, where that is completed. Gives whether it is. */
export function takeFromRun(tables: Tables, { task, from: id, monitor }: Retaken, at: number): boolean {
  tables.write();
  const from = tables.rows.get(id);
  if (from?.status !== "completed" || !isAlike(tables, task, from)) return false;
  const outcome: CacheOutcome = { outcome: "hit", from: id, rerun: true };
  note(tables, { task, outcome, project: projectOf(tables, task) });
  tables.events.append(task, at, { kind: "cache", ...outcome });
  complete(tables, { task, monitor }, from, at);
  return true;
}

/** A template that is a task of its own may have been edited. What a run was told to do is no matter of what it comes to. */
const isAlike = ({ configurations }: Tables, { configuration }: TaskRow, earlier: TaskRow): boolean =>
  configuration === earlier.configuration || configurations.get(configuration).code.kind === "controller";

/** Its own, else that of its run. */
function projectOf({ rows, configurations }: Tables, task: TaskRow): string | undefined {
  const own = ({ configuration }: TaskRow) => configurations.get(configuration).options.project;
  return own(task) ?? (task.run === null ? undefined : own(rows.at(task.run)));
}

/** Only tasks of that project, or of none; absent: whatever their project. */
type Within = { project: string | undefined } | undefined;

const withinOf = ({ scope }: CachePolicy, project: string | undefined): Within =>
  scope === "project" ? { project } : undefined;

/** What becomes of a call, and the earlier task that it may take. */
function look(tables: Tables, step: Looking, within: Within, at: number): { outcome: CacheOutcome; fresh?: Earlier } {
  const { key, policy } = step;
  const found = key.refresh ? undefined : newest(tables, key.hash, within);
  if (found === undefined) return { outcome: whyNot(tables, step, within) };
  const isFresh = policy.ttlMs === undefined || found.ended_at + policy.ttlMs >= at;
  if (isFresh) return { outcome: { outcome: "hit", from: found.id }, fresh: found };
  return { outcome: { outcome: "miss", reason: "expired", nearest: found.id } };
}

/** `name`: of the step. */
type Looking = { name: string; key: CacheKey; policy: CachePolicy };

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

function whyNot({ database }: Tables, { name, key }: Looking, within: Within): CacheOutcome {
  if (key.refresh) return { outcome: "miss", reason: "refresh" };
  const earlier = database
    .all<Record<"id" | "code" | "input" | "configuration" | "environment", string>>(
      `select t.id, c.code, c.input, c.configuration, c.environment from cache c join tasks t on t.key = c.task
       where c.step = ? and ${usable} and ${inProject} order by c.task desc limit ?`,
      name,
      ...bounds(within),
      compared,
    )
    .map(({ id, ...parts }) => ({ id, parts: parts as CacheKey["parts"] }));
  const found = nearestOf(key.parts, earlier);
  if (found === undefined) return { outcome: "miss", reason: "first" };
  return { outcome: "miss", reason: "changed", nearest: found.earlier.id, differs: found.differs };
}

type Noted = { task: TaskRow; key?: CacheKey; outcome: CacheOutcome; project: string | undefined };

/** Without a key nobody looks for it: it only says why. */
function note({ database }: Tables, { task, key, outcome, project }: Noted): void {
  const { code, input, configuration, environment } = key?.parts ?? {
    code: "",
    input: "",
    configuration: "",
    environment: "",
  };
  database.run(
    `insert into cache (task, key, code, input, configuration, environment, step, project, outcome, ran)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    task.key,
    key?.hash ?? "",
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
function complete(
  tables: Tables,
  { task, monitor }: Pick<Cacheable, "task" | "monitor">,
  { output, ...from }: Pick<TaskRow, "key" | "id" | "output">,
  at: number,
): void {
  const { rows, events } = tables;
  move(task, "cache");
  task.attempt = 1;
  task.agent = cacheAgent;
  task.startedAt = at;
  task.endedAt = at;
  task.output = output;
  rows.changed(task);
  copyProducts(tables, from, task, monitor, at);
  events.append(task, at, { kind: "completed", attempt: 1, ...(output && { output }) });
}
