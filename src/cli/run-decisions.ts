import type { Decided } from "../model/decision.ts";
import type { TaskId } from "../model/task.ts";
import type { Events } from "../runtime/ports.ts";

/** With the time at which it was made. `path`: within the run, also of one that a run made which it called. */
export type MadeDecision = Decided & { at: number };

const pageSize = 2_000;

/** The recorded decisions of a run, and of those that it called, in the order in which they were made, page by page. */
export async function* decisionsOf(
  { events }: { events: Pick<Events, "read"> },
  run: TaskId,
): AsyncGenerator<MadeDecision[]> {
  for (let after = 0; ; ) {
    const page = await events.read(run, after, pageSize, "tree", ["decision"]);
    if (page.length === 0) return;
    after = page.at(-1)!.seq;
    yield page.flatMap((event) => {
      if (event.kind !== "decision") return [];
      const { task, at, path, of, outcome, explanation } = event;
      return [{ at, path: `${task}/${path}`.slice(run.length + 1), of, outcome, explanation }];
    });
  }
}
