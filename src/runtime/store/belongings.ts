/** What belongs to tasks and goes with them. */
import type { TaskId } from "../../model/task.ts";
import type { Tables } from "./tables.ts";

/** Tables with a column `task`, of what a task has made, measured and said. */
const products = ["uploads", "figures", "logs", "cache", "checkpoints"];
/** Of what it is told, and of its life. */
const records = ["configuration_objects", "attempts", "holds", "provenance", "unserved"];

/** Inside an operation that leaves references alone, and has written what was noted: takes the tasks away whose keys the query gives, with everything that tells of them. */
export function removeTasks(tables: Tables, query: string, ...values: TaskId[]): void {
  const { database, events, reread } = tables;
  gather(tables, query, values);
  database.run("delete from artifacts where task in doomed");
  removeProducts(tables);
  events.remove("select key from doomed");
  for (const table of records) database.run(`delete from ${table} where task in doomed`);
  database.run("delete from chances where run in doomed");
  // Clones of steps stay, and have no parent any more.
  database.run("update tasks set parent = null where path is null and parent in doomed");
  database.run("delete from tasks where key in doomed");
  reread();
}

/** Inside an operation: takes away what the tasks have made. What they were given to take stays: it is of no attempt. */
export function removeMade(tables: Tables, query: string, ...values: TaskId[]): void {
  gather(tables, query, values);
  removeProducts(tables);
  tables.database.run("delete from artifacts where task in doomed and not (role = 'input' and attempt = 0)");
}

function gather({ database }: Tables, query: string, values: TaskId[]): void {
  database.exec("create temp table if not exists doomed (key integer primary key)");
  database.run("delete from doomed");
  database.run(`insert into doomed ${query}`, ...values);
}

function removeProducts({ database }: Tables): void {
  for (const table of products) database.run(`delete from ${table} where task in doomed`);
  database.run("delete from points where series in (select key from series where task in doomed)");
  database.run("delete from series where task in doomed");
}
