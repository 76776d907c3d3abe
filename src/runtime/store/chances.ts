/** What bodies have read of chance and time: a value for each place, kept for the next controller. */
import type { Chance } from "../../model/chance.ts";
import type { TaskId } from "../../model/task.ts";
import type { Tables } from "./tables.ts";

/** Inside an operation. */
export function keepChance({ database }: Tables, run: number, path: string, value: Chance): void {
  database.run(
    "insert into chances (run, path, value) values (?, ?, ?) on conflict do nothing",
    run,
    path,
    JSON.stringify(value),
  );
}

/** Inside a read. */
export function chancesOf({ database }: Tables, run: TaskId): Map<string, Chance> {
  const rows = database.all<{ path: string; value: string }>(
    "select path, value from chances where run = (select key from tasks where id = ?)",
    run,
  );
  return new Map(rows.map(({ path, value }) => [path, JSON.parse(value) as Chance]));
}
