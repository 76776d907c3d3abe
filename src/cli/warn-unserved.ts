import type { Task } from "../model/task.ts";

/** On stderr, as it is nothing that was asked for. */
export async function warnUnserved(task: Pick<Task, "id" | "options">): Promise<void> {
  const { unservedSentence } = await import("../tasks/served.ts");
  process.stderr.write(`${unservedSentence(task)}\n`);
}
