import fc from "fast-check";
import { expect, test } from "vitest";
import type { Event } from "../../../../src/model/event.ts";
import { moves, type TaskStatus } from "../../../../src/model/task.ts";
import type { Report, Store } from "../../../../src/runtime/ports.ts";
import { agentNamed, type OpenStore, pipelineNamed } from "./fixtures.ts";

const failure = { name: "Error", message: "no" };
const agents = ["a", "b"];
const paths = ["x", "y", "z"];

const operation = fc.oneof(
  fc.record({ does: fc.constant("start" as const), run: fc.constantFrom("r", "s") }),
  fc.record({ does: fc.constant("clone" as const), run: fc.constantFrom("r", "s"), path: fc.constantFrom(...paths) }),
  fc.record({
    does: fc.constant("abortTask" as const),
    run: fc.constantFrom("r", "s"),
    path: fc.constantFrom(...paths),
  }),
  fc.record({ does: fc.constant("abortRun" as const), run: fc.constantFrom("r", "s") }),
  fc.record({
    does: fc.constant("claim" as const),
    agent: fc.constantFrom(...agents),
    limit: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    does: fc.constant("report" as const),
    agent: fc.constantFrom(...agents),
    task: fc.constantFrom("r", "s", ...paths.map((path) => `r/${path}`), ...paths.map((path) => `s/${path}`)),
    attempt: fc.integer({ min: 1, max: 3 }),
    outcome: fc.constantFrom("completed" as const, "failed" as const, "aborted" as const, "retry" as const),
  }),
  fc.record({ does: fc.constant("rescue" as const), agent: fc.constantFrom(...agents) }),
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** What each event says that its task has become; `undefined`: nothing of its status. */
export const become: Record<Event["kind"], TaskStatus | undefined> = {
  created: "draft",
  cache: undefined,
  queued: "queued",
  dequeued: "draft",
  placed: undefined,
  unserved: undefined,
  running: "running",
  installing: undefined,
  retrying: "queued",
  completed: "completed",
  failed: "failed",
  aborted: "aborted",
  reset: "draft",
  deleted: undefined,
  edited: undefined,
  published: undefined,
  archived: undefined,
  progress: undefined,
  scalar: undefined,
  artifact: undefined,
  withdrawn: undefined,
  waiting: undefined,
  timer: undefined,
  signal: undefined,
  decision: undefined,
};

/** Random operations, several in one tick: whatever is asked for, only moves of the table happen, and the events tell them. */
export function propertiesSuite(open: OpenStore, numRuns = 40): void {
  test("only moves of the table happen, events match the statuses, and what is queued can be claimed once", async () => {
    const ticks = fc.array(fc.array(operation, { minLength: 1, maxLength: 5 }), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(ticks, async (ticks) => {
        await using store = await open();
        const { controller, templates } = await store.runs.register(pipelineNamed("rerun"));
        for (const id of agents) await store.queue.join(agentNamed(id));
        for (const tick of ticks)
          await Promise.allSettled(
            tick.map((operation) => perform(store, operation, controller, templates.get("fit")!)),
          );
        for (const run of ["r", "s"]) await checkRun(store, run);
        await checkQueue(store);
      }),
      { numRuns },
    );
  });
}

function perform(store: Store, operation: Operation, controller: string, template: string): Promise<unknown> {
  switch (operation.does) {
    case "start":
      return store.runs.start(controller, { id: operation.run });
    case "clone":
      return inTurn(store, operation.run, { kind: "clone", template, path: operation.path });
    case "abortTask":
      return inTurn(store, operation.run, { kind: "abort", task: `${operation.run}/${operation.path}`, reason: "no" });
    case "abortRun":
      return store.runs.abort(operation.run, "no");
    case "claim":
      return store.queue.claim({ agent: operation.agent, queues: ["services", "default"], limit: operation.limit });
    case "report": {
      const { task, attempt, agent, outcome } = operation;
      return store.queue.report({ task, attempt, agent, outcome, failure, reason: "no" } as Report);
    }
    case "rescue":
      return store.queue
        .rescue((agent) => agent.id === operation.agent)
        .then(() => store.queue.join(agentNamed(operation.agent)));
  }
}

async function inTurn(store: Store, run: string, command: Parameters<Store["runs"]["turn"]>[2][number]): Promise<void> {
  const attempt = (await store.tasks.get(run))?.attempt ?? 1;
  await store.runs.turn(run, attempt, [command]);
}

async function checkRun(store: Store, run: string): Promise<void> {
  const statuses = new Map<string, TaskStatus>();
  const events = await store.events.read(run, 0);
  for (const event of events) {
    const to = become[event.kind];
    if (to === undefined) continue;
    const from = statuses.get(event.task);
    if (from !== undefined) expect(Object.values(moves[from]), `${event.task}: ${from} → ${to}`).toContain(to);
    else expect(event.kind).toBe("created");
    statuses.set(event.task, to);
  }
  const tasks = await store.tasks.list({ run });
  expect(new Map(tasks.map((task) => [task.id, task.status]))).toEqual(statuses);
  for (const task of tasks) {
    const attempts = await store.tasks.attempts(task.id);
    expect(attempts.map((attempt) => attempt.number)).toEqual(attempts.map((_, i) => i + 1));
    expect(attempts).toHaveLength(task.attempt);
    const running = attempts.filter((attempt) => attempt.outcome === "running").map((attempt) => attempt.number);
    expect(running).toEqual(task.status === "running" ? [task.attempt] : []);
  }
}

async function checkQueue(store: Store): Promise<void> {
  const queued = (await store.tasks.list({ status: "queued" })).map((task) => task.id);
  const { claims } = await store.queue.claim({ agent: "a", queues: ["services", "default"], limit: 1_000 });
  expect(claims.map((claim) => claim.task.id).toSorted()).toEqual(queued.toSorted());
  expect((await store.queue.claim({ agent: "a", queues: ["services", "default"], limit: 1_000 })).claims).toEqual([]);
}
