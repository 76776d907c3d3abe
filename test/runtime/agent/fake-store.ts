/** The ports that an agent needs, in memory, by the rules of `ports.ts`. */
import type { Artifact } from "../../../src/model/artifact.ts";
import { type Bundle, bundleHash } from "../../../src/model/bundle.ts";
import { type Hash, hashOf } from "../../../src/model/hash.ts";
import type { LogLine } from "../../../src/model/log.ts";
import type { Scalar } from "../../../src/model/metric.ts";
import type { TaskOptions } from "../../../src/model/options.ts";
import type { Agent, Stored, Task } from "../../../src/model/task.ts";
import type { Claim, ClaimRequest, Report, Store } from "../../../src/runtime/ports.ts";

export type NewTask = { id: string; bundle: Bundle; export: string; input?: Stored; options?: Partial<TaskOptions> };
type Watcher = Parameters<Store["queue"]["watch"]>[1];

export function fakeStore() {
  const bundles = new Map<Hash, Bundle>();
  const blobs = new Map<Hash, Buffer>();
  const tasks = new Map<string, Task>();
  const failures = new Map<string, number>();
  const entries: { task: string; notBefore: number }[] = [];
  const owners = new Map<string, { agent: string; attempt: number }>();
  const agents = new Map<string, Agent>();
  const watchers = new Map<string, Watcher>();
  const reports: (Report & { at: number })[] = [];
  const refused: Report[] = [];
  const points: Scalar[] = [];
  const fractions: number[] = [];
  const lines: LogLine[] = [];
  const artifacts: (Artifact & { content: Buffer })[] = [];
  const waiting = new Set<{ met(): boolean; resolve(): void }>();

  function changed(): void {
    for (const wait of waiting)
      if (wait.met()) {
        waiting.delete(wait);
        wait.resolve();
      }
  }
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const ready = () => {
    for (const watcher of watchers.values()) watcher.ready();
  };

  const queue: Store["queue"] = {
    async join(agent) {
      agents.set(agent.id, agent);
    },
    async renew(id, leaseUntil) {
      agents.set(id, { ...agents.get(id)!, leaseUntil });
      changed();
    },
    async leave(id) {
      agents.delete(id);
    },
    async agents() {
      return [...agents.values()];
    },
    async claim({ agent, queues, limit, run }: ClaimRequest) {
      await turn();
      const claims: Claim[] = [];
      for (const entry of [...entries]) {
        const task = tasks.get(entry.task)!;
        if (claims.length === limit || entry.notBefore > Date.now() || !queues.includes(task.options.queue)) continue;
        if (run !== undefined && task.run !== run) continue;
        entries.splice(entries.indexOf(entry), 1);
        task.status = "running";
        task.attempt += 1;
        owners.set(task.id, { agent, attempt: task.attempt });
        claims.push({ task: { ...task }, attempt: task.attempt, failures: failures.get(task.id) ?? 0 });
      }
      changed();
      return claims;
    },
    async nextDueAt() {
      return entries.map((entry) => entry.notBefore).sort((a, b) => a - b)[0];
    },
    async report(report) {
      const task = tasks.get(report.task)!;
      const owner = owners.get(report.task);
      await turn();
      if (task.status !== "running" || owner?.agent !== report.agent || owner.attempt !== report.attempt) {
        refused.push(report);
        changed();
        return false;
      }
      reports.push({ ...report, at: Date.now() });
      owners.delete(report.task);
      if (report.outcome === "retry") {
        task.status = "queued";
        failures.set(task.id, (failures.get(task.id) ?? 0) + 1);
        entries.push({ task: task.id, notBefore: report.notBefore ?? 0 });
        ready();
      } else task.status = report.outcome;
      changed();
      return true;
    },
    async rescue(dead, run) {
      const rescued = [...owners].filter(([id, { agent }]) => {
        const owner = agents.get(agent);
        return owner && dead(owner) && (run === undefined || tasks.get(id)!.run === run);
      });
      for (const [id] of rescued) {
        owners.delete(id);
        tasks.get(id)!.status = "queued";
        entries.push({ task: id, notBefore: 0 });
      }
      if (rescued.length > 0) ready();
      changed();
      return rescued.map(([id]) => id);
    },
    watch(agent, watcher) {
      watchers.set(agent, watcher);
      return () => watchers.delete(agent);
    },
  };

  const store = {
    queue,
    runs: {
      async bundle(hash: Hash) {
        const bundle = bundles.get(hash);
        if (bundle === undefined) throw new Error(`there is no bundle ${hash}`);
        return bundle;
      },
    },
    blobs: {
      async put(content) {
        const hash = hashOf(content);
        blobs.set(hash, Buffer.from(content as string));
        return hash;
      },
      async get(hash) {
        return blobs.get(hash)!;
      },
    },
    metrics: {
      async append(more) {
        points.push(...more);
        changed();
      },
      async progress(_task, _attempt, fraction) {
        fractions.push(fraction);
        changed();
      },
    },
    logs: {
      async append(more) {
        lines.push(...more);
        changed();
      },
    },
    artifacts: {
      async put(artifact, content) {
        const kept = { ...artifact, hash: hashOf(content), bytes: content.byteLength };
        artifacts.push({ ...kept, content: Buffer.from(content) });
        changed();
        return kept;
      },
    },
  } as { [Port in keyof Store]: Store[Port] };

  return {
    store: store as Store,
    bundles,
    blobs,
    tasks,
    agents,
    reports,
    refused,
    points,
    fractions,
    lines,
    artifacts,
    /** Queues a task. */
    add({ id, bundle, export: name, input, options }: NewTask): void {
      const hash = bundleHash(bundle);
      bundles.set(hash, bundle);
      tasks.set(id, {
        id,
        name: name,
        run: "run",
        status: "queued",
        options: { type: "training", queue: "default", ...options },
        code: { kind: "code", bundle: hash, export: name },
        template: false,
        ...(input && { input }),
        attempt: 0,
        createdAt: Date.now(),
      });
      entries.push({ task: id, notBefore: 0 });
      ready();
    },
    /** As a run's abort does. */
    abort(id: string): void {
      const owner = owners.get(id)!;
      owners.delete(id);
      tasks.get(id)!.status = "aborted";
      watchers.get(owner.agent)?.revoked(id, owner.attempt);
    },
    /** Resolves when something has changed so that `met` holds. */
    until(met: () => boolean): Promise<void> {
      if (met()) return Promise.resolve();
      return new Promise((resolve) => waiting.add({ met, resolve }));
    },
  };
}
