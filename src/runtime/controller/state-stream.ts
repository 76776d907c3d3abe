/** The run's state while somebody looks. */
import { defer, from, map, type Observable, scan, switchMap, takeWhile } from "rxjs";
import { ended, type TaskId } from "../../model/task.ts";
import type { Store } from "../ports.ts";
import { turnsOfEvents$ } from "./events.ts";
import { fanOutsOf } from "./fan-outs.ts";
import { type Change, foldAll } from "./fold.ts";
import { loopTitlesOf } from "./loop-titles.ts";
import { initialState, type RunState } from "./state.ts";

/** Snapshots with the patches that lead to each, one a turn of the event loop at most, up to the one in which the run has ended. */
export function changes$(store: Pick<Store, "tasks" | "runs" | "events">, run: TaskId): Observable<Change> {
  return defer(() => from(initial(store, run))).pipe(
    switchMap((state) =>
      turnsOfEvents$(store.events, run).pipe(
        scan((before: Change, events) => foldAll(before.state, events), { state, patches: [] }),
      ),
    ),
    takeWhile(({ state }) => !ended(state.status), true),
  );
}

export function state$(store: Pick<Store, "tasks" | "runs" | "events">, run: TaskId): Observable<RunState> {
  return changes$(store, run).pipe(map(({ state }) => state));
}

async function initial(store: Pick<Store, "tasks" | "runs">, run: TaskId): Promise<RunState> {
  const task = await store.tasks.get(run);
  if (task?.code.kind !== "controller") return initialState(run);
  const { pipeline: hash, definition } = task.code;
  const pipeline = await store.runs.pipeline(hash);
  return initialState(run, fanOutsOf(pipeline), loopTitlesOf(pipeline, definition));
}
