/** What named changes were answered with: kept in their own transaction, so that a change which is asked for again by its name is made once, whoever died in between. */
import type { Database } from "./database.ts";

/** Whoever asks again does so within minutes: older ones go. */
const mostAnswers = 50_000;

/** Inside an operation: what it came to when it was done by that name, else what it comes to now. One that is refused has changed nothing, and may be tried again. */
export function answerOnce<T>(database: Database, name: string, operation: () => T): T {
  const kept = database.get<{ value: string | null }>("select value from answers where name = ?", name);
  if (kept !== undefined) return (kept.value === null ? undefined : JSON.parse(kept.value)) as T;
  const value = operation();
  const { key } = database.run("insert into answers (name, value) values (?, ?)", name, JSON.stringify(value));
  database.run("delete from answers where key <= ?", key - mostAnswers);
  return value;
}
