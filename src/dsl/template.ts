import type { Options } from "../model/options.ts";
import type { Parameters, TaskHandle } from "../model/task-handle.ts";
import { declare } from "./declare.ts";
import { placeAbove } from "./place.ts";
import { Task } from "./task.ts";

/** Which task: by its id, or by its name, of which the newest is meant that is not archived. Options are in place of the task's own. */
export type TemplateOptions = ({ id: string } | { project?: string; name: string }) &
  Omit<Options, "name" | "project" | "cache">;

/**
 * An existing task as a step: each call clones it, its parameters overridden by the input, and enqueues the clone; gives what the clone returns.
 *
 * A plain call does the same, and waits for whoever serves the task's queue.
 *
 * @example
 * const train = template<{ rate: number }, { loss: number }>({ project: "examples", name: "train template" });
 */
export function template<In extends object = { [name: string]: unknown }, Out = unknown>(
  options: TemplateOptions,
): (input: In) => Promise<Out> {
  const { name, project, id, ...own } = options as Options & { id?: string };
  const reference = id === undefined ? { name: name as string, ...(project !== undefined && { project }) } : { id };
  const run = async (input: In) => {
    const clone = (await (
      await Task.get<In, Out>(reference)
    ).clone({ parameters: { ...input } as Parameters })) as TaskHandle<In, Out>;
    await clone.enqueue(own.queue === undefined ? {} : { queue: own.queue });
    const { error, output } = await clone.wait();
    if (error) throw error;
    return output;
  };
  return declare({ kind: "template", options: own, run, place: placeAbove(template) }) as (
    input: unknown,
  ) => Promise<Out>;
}
