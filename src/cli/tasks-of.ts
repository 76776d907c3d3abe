/** The tasks of the store that a command names: found by what people type, held as programs hold them. */
import type { Command } from "commander";
import type { TaskHandle, TaskHost } from "../model/task-handle.ts";
import type { Store } from "../runtime/ports.ts";
import { openPlace, placeOf } from "../tasks/place.ts";
import { findTask } from "./find.ts";
import { existingStore, storeName } from "./folder.ts";

export interface OpenTasks extends AsyncDisposable {
  readonly store: Store;
  readonly host: TaskHost;
  /** By its id, or as much of its beginning as is unique. Throws a UsageError. */
  find(id: string): Promise<TaskHandle>;
}

/** Throws a UsageError where there is no store, unless `make` says that one is made then. */
export async function openTasks(command: Command, { make = false } = {}): Promise<OpenTasks> {
  const place = placeOf(storeName(command));
  const store = make ? await openPlace(place) : await existingStore(command);
  const { taskHostOn } = await import("../tasks/host.ts");
  const host = taskHostOn(store, place.folder);
  return {
    store,
    host,
    find: async (id) => host.get((await findTask(store, id)).id),
    [Symbol.asyncDispose]: () => store.close(),
  };
}
