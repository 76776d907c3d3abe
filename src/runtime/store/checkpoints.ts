/** Checkpoints: the latest of each task, whichever of its attempts has saved it. */
import type { Stored, TaskId } from "../../model/task.ts";
import { type Checkpoints, LostLeaseError } from "../ports.ts";
import { bytesOf, contentOf, fromColumns, type StoredColumns } from "./stored.ts";
import type { Tables } from "./tables.ts";

export function checkpointsOf(tables: Tables): Checkpoints {
  const { database } = tables;
  return {
    save: (task, attempt, value) => database.change(() => save(tables, task, attempt, value, Date.now())),
    load: (task) =>
      database.read(() => {
        const row = database.get<{ content: StoredColumns[0]; bytes: StoredColumns[1] }>(
          "select content, bytes from checkpoints where task = (select key from tasks where id = ?)",
          task,
        );
        return row && fromColumns([row.content, row.bytes]);
      }),
  };
}

/** What an attempt says that is not the running one any more must not undo what the one after it has saved. */
function save({ database, rows }: Tables, id: TaskId, attempt: number, value: Stored, at: number): void {
  const task = rows.get(id);
  if (task?.status !== "running" || task.attempt !== attempt)
    throw new LostLeaseError(`attempt ${attempt} of the task "${id}" is not the running one any more`);
  database.run(
    "insert or replace into checkpoints (task, attempt, content, bytes, saved_at) values (?, ?, ?, ?, ?)",
    task.key,
    attempt,
    contentOf(value),
    bytesOf(value),
    at,
  );
}
