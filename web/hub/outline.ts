/** A run's pipeline as the page needs it: its graph and its schemas, without the code of its steps. */
import type { Pipeline } from "../../src/model/pipeline.ts";
import type { Task } from "../../src/model/task.ts";
import { ask } from "./ask.ts";

/** Undefined of what is no run. */
export async function outlineOf(task: Pick<Task, "code"> | undefined): Promise<Pipeline | undefined> {
  if (task?.code.kind !== "controller") return undefined;
  return (await ask("GET", `/pipelines/${task.code.pipeline}/outline`)) as Pipeline;
}
