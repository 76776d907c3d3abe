import { KnownAgents } from "./agents.ts";
import { Configurations } from "./configurations.ts";
import type { Database } from "./database.ts";
import { EventLog } from "./events.ts";
import { QueueSettings } from "./queue-settings.ts";
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
  queues: QueueSettings;
  events: EventLog;
  agents: KnownAgents;
  /** Writes what operations have noted so far: before a query that is to see it. */
  write(): void;
  /** After a statement that has changed tasks beside their rows, which were written before: they are read again. */
  reread(): void;
  /** What is in memory is not true any more: others have written, or what was noted was not committed. */
  forget(): void;
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
  const tasks = new TaskTable(database, configurations, rows);
  const waiting = new Waiting(database, rows, write);
  const queues = new QueueSettings(database);
  const agents = new KnownAgents(database);
  const reread = () => {
    rows.forget();
    waiting.forget();
  };
  const forget = () => {
    reread();
    queues.forget();
    events.forget();
    agents.forget();
  };
  return { database, configurations, tasks, rows, waiting, queues, events, agents, write, reread, forget };
}
