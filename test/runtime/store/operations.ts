/** What several processes may do to a few tasks at once. */
import fc from "fast-check";
import type { Store } from "../../../src/runtime/ports.ts";
import { draft } from "./suite/drafts.ts";

export const ids = ["a", "b", "c", "d"];
const queues = ["default", "gpu"];
const failure = { name: "Error", message: "no" };

const does = [
  "create",
  "clone",
  "edit",
  "enqueue",
  "enqueue",
  "dequeue",
  "move",
  "claim",
  "claim",
  "report",
  "report",
  "abort",
  "reset",
  "publish",
  "archive",
  "delete",
  "rescue",
] as const;

export type Operation = {
  does: (typeof does)[number];
  id: string;
  other: string;
  queue: string;
  position: number;
  outcome: "completed" | "failed" | "retry";
};

export const operation: fc.Arbitrary<Operation> = fc.record({
  does: fc.constantFrom(...does),
  id: fc.constantFrom(...ids),
  other: fc.constantFrom(...ids),
  queue: fc.constantFrom(...queues),
  position: fc.integer({ min: 1, max: 4 }),
  outcome: fc.constantFrom("completed" as const, "failed" as const, "retry" as const),
});

export async function operate(store: Store, agent: string, operation: Operation): Promise<unknown> {
  const { id, other, queue, position, outcome } = operation;
  const { tasks } = store;
  switch (operation.does) {
    case "create":
      return tasks.create(draft(id));
    case "clone":
      return tasks.clone(id, { id: other });
    case "edit":
      return tasks.edit(id, { options: { priority: position }, tags: [queue] });
    case "enqueue":
      return tasks.enqueue(id, queue);
    case "dequeue":
      return tasks.dequeue(id);
    case "move":
      return store.queue.move(id, { queue, position });
    case "claim":
      return store.queue.claim({ agent, queues, limit: 2 });
    case "report": {
      const attempt = (await tasks.get(id))?.attempt ?? 1;
      return store.queue.report({
        task: id,
        attempt,
        agent,
        ...(outcome === "completed" ? { outcome } : { outcome, failure }),
      });
    }
    case "abort":
      return tasks.abort(id, "no");
    case "reset":
      return tasks.reset(id);
    case "publish":
      // Rarely: nothing else can be done with it then.
      return position === 1 && queue === "gpu" ? tasks.publish(id) : undefined;
    case "archive":
      return tasks.archive(id, position > 2);
    case "delete":
      return tasks.delete(id);
    case "rescue":
      return store.queue.rescue(() => false);
  }
}
