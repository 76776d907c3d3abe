import { Configurations } from "./configurations.ts";
import type { Database } from "./database.ts";
import { EventLog } from "./events.ts";
import { TaskRows } from "./task-rows.ts";
import { TaskTable } from "./tasks.ts";
import { Waiting } from "./waiting.ts";

/** What the operations (claim, report, turn …) read and change. */
export type Tables = {
  database: Database;
  configurations: Configurations;
  tasks: TaskTable;
  rows: TaskRows;
  waiting: Waiting;
  events: EventLog;
  /** Writes what operations have noted so far: before a query that is to see it. */
  write(): void;
};

export function tablesOf(database: Database): Tables {
  const configurations = new Configurations(database);
  const rows = new TaskRows(database);
  const events = new EventLog(database);
  const write = () => {
    events.number();
    rows.write();
    events.write();
  };
  const tasks = new TaskTable(database, configurations);
  return { database, configurations, tasks, rows, waiting: new Waiting(database, rows, write), events, write };
}
