/** The values that passed through the turns of a step: what each took, and what it gave. */
import { useEffect, useRef, useState } from "react";
import type { Stored, Task, TaskId } from "../../src/model/task.ts";
import { hub } from "../hub/ask.ts";
import { storedValue } from "../hub/values.ts";
import type { Told } from "./story.ts";

export type Passed = { took?: unknown; gave?: unknown };
/** `output`: what `gave` was made of. */
type Known = Passed & { output?: Stored };

/** So many values are decoded at most: of the latest. */
const mostKnown = 2_000;
/** Characters. What is longer has no place in a table. */
const longest = 20_000;
/** More inputs than that are asked for at once. */
const fewRequests = 8;

/** Outputs come with the events; inputs are asked for once each, and never before the last answer is there. */
export function usePassed(tasks: readonly Told[]): ReadonlyMap<TaskId, Passed> {
  const known = useRef(new Map<TaskId, Known>());
  const isBusy = useRef(false);
  const [, redraw] = useState(0);
  useEffect(() => {
    if (isBusy.current) return;
    const fresh = tasks.slice(-mostKnown).filter((told) => isFresh(told, known.current.get(told.id)));
    if (fresh.length === 0) return;
    isBusy.current = true;
    void learn(fresh, known.current).then(() => {
      isBusy.current = false;
      redraw((n) => n + 1);
    });
  });
  return known.current;
}

const isFresh = ({ output }: Told, known: Known | undefined): boolean => known === undefined || known.output !== output;

async function learn(tasks: readonly Told[], known: Map<TaskId, Known>): Promise<void> {
  const unknown = tasks.filter(({ id }) => !known.has(id));
  // Whatever comes of it, it is asked once.
  for (const { id } of unknown) known.set(id, {});
  const found = unknown.length > 0 ? await recordsOf(unknown).catch(() => []) : [];
  for (const { id, input } of found) known.set(id, { ...known.get(id), took: await small(input) });
  for (const { id, output } of tasks)
    known.set(id, { ...known.get(id), gave: await small(output), ...(output && { output }) });
}

/** One request for many: those of one step of a run share its name. The latest of them may be others, which will be told of soon. */
async function recordsOf(tasks: readonly Told[]): Promise<Task[]> {
  const [{ id, path, name }] = tasks as [Told];
  if (tasks.length > fewRequests)
    return hub.tasks.list({ run: id.slice(0, -path.length - 1), name, order: "-created", limit: mostKnown });
  return (await Promise.all(tasks.map(({ id }) => hub.tasks.get(id)))).filter((task) => task !== undefined);
}

const small = async (stored: Stored | undefined): Promise<unknown> =>
  stored && "text" in stored && stored.text.length < longest ? storedValue(stored) : undefined;
