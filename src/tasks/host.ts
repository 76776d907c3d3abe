/** The host of tasks on a store: what `Task` in scripts speaks to, and `reprise.tasks` in programs. */
import type { TaskId } from "../model/task.ts";
import type { InitOptions, RunningTask, TaskHandle, TaskHost } from "../model/task-handle.ts";
import { findTask } from "../runtime/controller/find-task.ts";
import { type Store, type TaskFilter, taskOrders } from "../runtime/ports.ts";
import { createTask } from "./create.ts";

/** `folder`: the store's. `begin`: how this process becomes a task; by itself unless told. */
export function taskHostOn(
  store: Store,
  folder: string,
  begin: (options: InitOptions) => Promise<RunningTask> = async (options) =>
    (await import("./by-hand.ts")).beginByHand(store, folder, options),
): TaskHost {
  const held = async <In extends object, Out>(task: TaskHandle<In, Out> | TaskId) =>
    (typeof task === "string" ? await handleOf(store, (await findTask(store, task)).id) : task) as TaskHandle<In, Out>;
  return {
    init: (options = {}) => begin(options),
    create: async (options) => handleOf(store, await createTask(store, folder, options)),
    get: async (reference) => held((await findTask(store, reference)).id),
    async query({ order, ...query } = {}) {
      const filter: TaskFilter = {
        topLevel: true,
        archived: false,
        ...query,
        ...(order !== undefined && { order: orderNamed(order) }),
      };
      const found = await store.tasks.list(filter);
      return Promise.all(found.map(async ({ id }) => handleOf(store, id)));
    },
    projects: () => store.tasks.projects(),
    clone: async (task, options) => (await held(task)).clone(options),
    enqueue: async (task, options) => (await held(task)).enqueue(options),
    dequeue: async (task) => (await held(task)).dequeue(),
    delete: async (task) => (await held(task)).delete(),
  };
}

/** Handles have streams, and bring RxJS: who only runs pipelines loads neither. */
async function handleOf(store: Store, id: TaskId): Promise<TaskHandle> {
  return (await import("./handle.ts")).handleOf(store, id);
}

/** Throws a RangeError where it is none. */
function orderNamed(order: string): NonNullable<TaskFilter["order"]> {
  if ((taskOrders as readonly string[]).includes(order.replace(/^-/, "")))
    return order as NonNullable<TaskFilter["order"]>;
  throw new RangeError(
    `"${order}" is no order of tasks: take ${taskOrders.join(", ")}, with a "-" before it for the greatest first`,
  );
}
