/** A run on a real store, whose controller is the test: it clones steps, and waits until an event says what it waits for. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Bundle, bundleHash } from "../../../src/model/bundle.ts";
import type { Event, EventKind } from "../../../src/model/event.ts";
import type { TaskOptions } from "../../../src/model/options.ts";
import type { Pipeline } from "../../../src/model/pipeline.ts";
import type { TaskId } from "../../../src/model/task.ts";
import { encode } from "../../../src/model/value.ts";
import { thisProcess } from "../../../src/runtime/agent/lease.ts";
import type { Claim, Store } from "../../../src/runtime/ports.ts";
import { openStore } from "../../../src/runtime/store/open.ts";

export type TestRun = {
  store: Store;
  folder: string;
  events: readonly Event[];
  /** Starts the step that the bundle exports by that name. Gives the task, `run/<path>`; the path is the step's name unless told. */
  start(step: string, call?: { path?: string; input?: unknown; options?: Partial<TaskOptions> }): Promise<TaskId>;
  /** Resolves with the first event of that task and kind, and of that attempt if told. */
  event<K extends EventKind>(task: TaskId, kind: K, attempt?: number): Promise<Event & { kind: K }>;
  /** Resolves when the events so far meet it. */
  until(met: () => boolean): Promise<void>;
  /** Aborts a step as a graph does. */
  abort(task: TaskId): Promise<void>;
  /** Runs nothing of what it claims. */
  claimAs(agent: string, record?: { processStart?: string }): Promise<Claim[]>;
};

export async function testRun(bundle: Bundle, steps: string[], { id = "run" } = {}): Promise<TestRun> {
  const folder = await mkdtemp(join(tmpdir(), "reprise-agent-"));
  const store = await openStore(folder);
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { folder, ...(await startRun(store, bundle, steps, id)) };
}

/** Also for programs that are no tests: nothing is cleaned up. */
export async function startRun(
  store: Store,
  bundle: Bundle,
  steps: string[],
  id: string,
): Promise<Omit<TestRun, "folder">> {
  const { controller, templates } = await store.runs.register(pipelineOf(bundle, steps));
  await store.runs.start(controller, { id });
  await store.queue.join({
    id: "test",
    ...thisProcess(),
    queues: ["services"],
    slots: 1,
    leaseUntil: Number.MAX_SAFE_INTEGER,
  });
  await store.queue.claim({ agent: "test", queues: ["services"], limit: 1, run: id });
  const events: Event[] = [];
  const waiting = new Set<() => void>();
  store.events.follow(id, 0, (more) => {
    events.push(...more);
    for (const look of [...waiting]) look();
  });

  function until(met: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!met()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  }

  return {
    store,
    events,
    until,
    async start(step, { path = step, input, options } = {}) {
      const stored = input === undefined ? {} : { input: { text: encode(input) } };
      const command = {
        kind: "clone" as const,
        template: templates.get(step)!,
        path,
        ...stored,
        ...(options && { options }),
      };
      await store.runs.turn(id, 1, [command]);
      return `${id}/${path}`;
    },
    async event<K extends EventKind>(task: TaskId, kind: K, attempt?: number) {
      const isIt = (event: Event): event is Event & { kind: K } =>
        event.task === task &&
        event.kind === kind &&
        (attempt === undefined || (event as { attempt?: number }).attempt === attempt);
      await until(() => events.some(isIt));
      return events.find(isIt)!;
    },
    abort: (task) => store.runs.turn(id, 1, [{ kind: "abort", task, reason: "no longer needed" }]),
    async claimAs(agent, record = {}) {
      const lease = { queues: ["default"], slots: 1, leaseUntil: Number.MAX_SAFE_INTEGER };
      await store.queue.join({ id: agent, ...thisProcess(), ...lease, ...record });
      return (await store.queue.claim({ agent, queues: ["default"], limit: 100 })).claims;
    },
  };
}

function pipelineOf(bundle: Bundle, steps: string[]): Pipeline {
  const hash = bundleHash(bundle);
  const options = { type: "training" as const, queue: "default" };
  const template = (name: string) => ({ kind: "code" as const, bundle: hash, export: name, options });
  return {
    format: 1,
    name: "test",
    options: { type: "controller", queue: "services" },
    templates: Object.fromEntries(steps.map((name) => [name, template(name)])),
    graph: { order: "sequence", module: [], body: { id: "body", name: "body", async: true, params: [], nodes: [] } },
    bundles: { [hash]: bundle },
  };
}
