import { Configurations } from "./configurations.ts";
import type { Database } from "./database.ts";
import { EventLog } from "./events.ts";
import { TaskTable } from "./tasks.ts";

/** What the operations (claim, report, turn …) read and write. */
export type Tables = { database: Database; configurations: Configurations; tasks: TaskTable; events: EventLog };

export function tablesOf(database: Database): Tables {
  const configurations = new Configurations(database);
  return { database, configurations, tasks: new TaskTable(database, configurations), events: new EventLog(database) };
}
