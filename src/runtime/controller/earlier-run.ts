/** The run that a run does again: which of its calls stand, and which are to be made anew. */
import { callOf, dependants } from "../../model/dependants.ts";
import { nearest } from "../../model/nearest.ts";
import type { Graph } from "../../model/pipeline.ts";
import { isAmong, type Rerun, unnumbered, within, withoutAttempt } from "../../model/rerun.ts";
import type { Task, TaskId } from "../../model/task.ts";
import { byContent } from "../../model/value.ts";
import { ConflictError, type Store } from "../ports.ts";
import { textOf } from "./stored.ts";

/** What becomes of a call. `again`: it is to run, whatever an earlier task came to. `inside`: a pipeline, of which parts stand. */
export type Standing = { takes?: TaskId; again?: true; inside?: Rerun };

/** `template`: the task that is cloned. `input`: encoded. */
export type Called = { path: string; template: TaskId; input?: string; isPipeline: boolean };

export class EarlierRun {
  readonly #store: Store;
  readonly #from: readonly string[];
  /** By their paths, without those of attempts that the run was made again after. */
  readonly #tasks: ReadonlyMap<string, Task>;
  readonly #anew: ReadonlySet<TaskId>;

  /** Undefined where nothing is to be taken. */
  static async of({ of, from }: Rerun, graph: Graph, store: Store): Promise<EarlierRun | undefined> {
    if (from === undefined) return undefined;
    const tasks = await lastTasks(store, of);
    const isSource = ({ path }: Task) => isAmong(from, path!) || within(from, path!).length > 0;
    return new EarlierRun(store, from, tasks, await anew(store, of, graph, [...tasks.values()].filter(isSource)));
  }

  private constructor(
    store: Store,
    from: readonly string[],
    tasks: ReadonlyMap<string, Task>,
    anew: ReadonlySet<TaskId>,
  ) {
    this.#store = store;
    this.#from = from;
    this.#tasks = tasks;
    this.#anew = anew;
  }

  async standingOf({ path, template, input, isPipeline }: Called): Promise<Standing> {
    const earlier = this.#tasks.get(withoutAttempt(path));
    const isSource = isAmong(this.#from, path);
    if (earlier === undefined || isSource) return isSource ? { again: true } : {};
    const inside = within(this.#from, path);
    const isSame = earlier.parent === template && (await this.#sameInput(earlier, input));
    const parts = isSame && isPipeline ? { inside: { of: earlier.id, from: inside } } : {};
    if (inside.length > 0) return parts;
    if (this.#anew.has(earlier.id)) return { again: true };
    if (!isSame) return {};
    return earlier.status === "completed" ? { takes: earlier.id } : parts;
  }

  async #sameInput({ input: stored }: Task, input: string | undefined): Promise<boolean> {
    if (stored === undefined || input === undefined) return stored === input;
    return byContent(await textOf(this.#store.blobs, stored)) === byContent(input);
  }
}

/**
 * The paths that a step stands for when a run is done again from it: that of one call, or of all calls of a step, or of all turns. Rejects with a
 * ConflictError that names those that exist.
 */
export async function pathsOf(store: Store, run: TaskId, step: string): Promise<string[]> {
  const tasks = (await store.tasks.list({ run })).filter(({ id }) => id !== run);
  const paths = tasks.map(({ id, name }) => ({ path: withoutAttempt(id.slice(run.length + 1)), name }));
  if (paths.some(({ path }) => path === step)) return [step];
  const meant = paths.filter(({ path, name }) => {
    const plain = unnumbered(path);
    return plain === step || name === step || plain.slice(plain.lastIndexOf("/") + 1) === step;
  });
  if (meant.length > 0) return [...new Set(meant.map(({ path }) => unnumbered(path)))];
  const known = [...new Set(paths.flatMap(({ path, name }) => [unnumbered(path), name]))];
  const near = nearest(step, known);
  const some = known.slice(0, shownSteps).join(", ") + (known.length > shownSteps ? ", …" : "");
  const help = near ? `did you mean "${near}"? It has called ${some}` : `it has called ${some || "none"}`;
  throw new ConflictError(`the run ${run} has called no step "${step}": ${help}`);
}

/** So many are named to who asked for another. */
const shownSteps = 20;

/** Those that the run has called itself, in its last attempt at its body. */
async function lastTasks(store: Store, run: TaskId): Promise<Map<string, Task>> {
  const own = (await store.tasks.list({ run })).filter((task) => task.run === run && task.id !== run);
  const attemptOf = ({ path }: Task) => Number(/^\[(\d+)\]\//.exec(path!)?.[1] ?? 1);
  const last = Math.max(1, ...own.map(attemptOf));
  return new Map(own.filter((task) => attemptOf(task) === last).map((task) => [withoutAttempt(task.path!), task]));
}

/** The sources, and what depends on them: called after one of them had ended, by a call that depends on theirs. */
async function anew(store: Store, run: TaskId, graph: Graph, sources: Task[]): Promise<Set<TaskId>> {
  const found = new Set(sources.map(({ id }) => id));
  const calls = dependants(graph, new Set(sources.map(({ path }) => callOf(path!))));
  let hasEnded = false;
  for (const event of await store.events.read(run, 0, undefined, "calls", [
    "created",
    "completed",
    "failed",
    "aborted",
  ])) {
    if (event.kind !== "created") hasEnded ||= found.has(event.task) && event.task !== run;
    else if (hasEnded && event.task !== run && calls.has(callOf(event.task.slice(run.length + 1))))
      found.add(event.task);
  }
  return found;
}
