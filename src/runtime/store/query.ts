/** What a list of tasks is asked for, as SQL. */
import type { TaskFilter, TaskOrder } from "../ports.ts";

export type Query = { sql: string; values: (string | number)[] };

type Condition = [sql: string, ...values: (string | number)[]];

/** What stands behind `from tasks t`. */
export function queryOf(filter: TaskFilter): Query {
  const conditions = [...conditionsOf(filter)];
  const where = conditions.map(([sql]) => sql).join(" and ") || "true";
  const values = conditions.flatMap(([, ...values]) => values);
  return { sql: `where ${where} order by ${orderOf(filter)} limit ?`, values: [...values, filter.limit ?? -1] };
}

function* conditionsOf(filter: TaskFilter): Generator<Condition> {
  const { run, topLevel, project, name, tags = [], type, parent, text, templates, archived } = filter;
  const statuses = typeof filter.status === "string" ? [filter.status] : filter.status;
  if (!templates) yield ["t.template = 0"];
  if (topLevel) yield ["t.path is null"];
  if (run !== undefined) yield ofRun(run);
  if (name !== undefined) yield ["t.name = ?", name];
  if (parent !== undefined) yield ["t.parent = (select key from tasks where id = ?)", parent];
  if (statuses !== undefined) yield ["t.status in (select value from json_each(?))", JSON.stringify(statuses)];
  if (archived !== undefined) yield ["t.archived = ?", Number(archived)];
  if (project !== undefined)
    yield configured(`${projectOf} = ? or ${projectOf} > ? and ${projectOf} < ?`, ...below(project));
  if (type !== undefined) yield configured("options ->> 'type' = ?", type);
  for (const tag of tags)
    yield tag.startsWith("-") ? configured(`not ${hasTag}`, tag.slice(1)) : configured(hasTag, tag);
  if (text !== undefined)
    yield ["instr(lower(t.name || char(10) || t.id || char(10) || coalesce(t.comment, '')), lower(?)) > 0", text];
}

const projectOf = "options ->> 'project'";
const hasTag = "exists (select 1 from json_each(options, '$.tags') where value = ?)";

/** Configurations are few, as they are shared. */
const configured = (sql: string, ...values: string[]): Condition => [
  `t.configuration in (select key from configurations where ${sql})`,
  ...values,
];

/** The name, and the range of those that begin with it and a slash: "0" comes next to "/". */
const below = (name: string): [string, string, string] => [name, `${name}/`, `${name}0`];

/** By the unique index of ids, rather than by one of its own: what runs for a run begins with its id and a slash. */
function ofRun(run: string): Condition {
  return ["(t.id = ? or t.id > ? and t.id < ?)", ...below(run)];
}

const columns: Record<TaskOrder, string> = {
  created: "t.key",
  started: "t.started_at",
  ended: "t.ended_at",
  name: "t.name",
  status: "t.status",
};

/** Those that were made at once stay in the order of their creation. */
function orderOf({ order, run }: TaskFilter): string {
  if (order === undefined) return run === undefined ? "t.key desc" : "t.key";
  const descends = order.startsWith("-");
  const column = columns[(descends ? order.slice(1) : order) as TaskOrder];
  return `${column} is null, ${column}${descends ? " desc" : ""}, t.key desc`;
}
