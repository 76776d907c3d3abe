/** Pruning: old runs go, with all that ran for them, and then what nothing refers to any more. Safe beside processes that use the store. */
import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ended, type Task, type TaskId } from "../model/task.ts";
import { isDead } from "../runtime/agent/lease.ts";
import { ConflictError, type Store, type Swept } from "../runtime/ports.ts";

export type Pruned = Swept & {
  /** Runs and other tasks that nobody called, which ended before that time. */
  tasks: TaskId[];
  /** What can be made again: compiled pipelines, unpacked bundles, installed sets of packages. */
  caches: number;
};

/**
 * `before`: milliseconds since 1970; what ended, or was last used, later than that stays, and so does what is published. With `dryRun` nothing goes: the
 * result says what would.
 */
export async function prune(store: Store, folder: string, before: number, { dryRun = false } = {}): Promise<Pruned> {
  const old = await oldTasks(store, before);
  const gone = dryRun ? old : await deleted(store, old);
  const tasks = gone.map(({ id }) => id);
  const swept = await store.sweep({ before, dryRun, ...(dryRun && { without: tasks }) });
  return { tasks, ...swept, caches: await sweepCaches(store, folder, before, dryRun) };
}

/** Newest first: a clone before what it was cloned from. */
async function oldTasks({ tasks }: Store, before: number): Promise<Task[]> {
  const all = await tasks.list({ topLevel: true, status: ["completed", "failed", "aborted"] });
  return all.filter(({ endedAt, published }) => endedAt !== undefined && endedAt < before && !published);
}

/** What others have taken up again in the meantime, or still need, stays. */
async function deleted({ tasks }: Store, old: readonly Task[]): Promise<Task[]> {
  const gone: Task[] = [];
  for (const task of old)
    try {
      const now = await tasks.get(task.id);
      if (now === undefined || !ended(now.status) || now.endedAt !== task.endedAt) continue;
      await tasks.delete(task.id);
      gone.push(task);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  return gone;
}

/** A living agent may be about to import a bundle that it has unpacked; a set of packages, only one that it has asked for of late. */
async function sweepCaches({ queue }: Store, folder: string, before: number, dryRun: boolean): Promise<number> {
  const now = Date.now();
  const isServed = (await queue.agents()).some((agent) => !isDead(agent, now));
  const swept = await Promise.all([
    ...["cache", ...(isServed ? [] : ["bundles"])].map((name) => sweepFolder(join(folder, name), before, dryRun)),
    sweepFolder(join(folder, "packages"), Math.min(before, now - hourMs), dryRun),
  ]);
  return swept.reduce((sum, count) => sum + count, 0);
}

const hourMs = 3_600_000;

async function sweepFolder(folder: string, before: number, dryRun: boolean): Promise<number> {
  let swept = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const known = await stat(path).catch(() => undefined);
    if (known === undefined || Math.max(known.mtimeMs, known.atimeMs) >= before) continue;
    if (!dryRun) await removed(path);
    swept += 1;
  }
  return swept;
}

/** Moved away first, so that nobody takes what is half removed for whole. */
async function removed(path: string): Promise<void> {
  const gone = path.endsWith(goneEnding) ? path : `${path}${goneEnding}`;
  // Another process may be pruning too.
  if (gone !== path) await rename(path, gone).catch(() => {});
  await rm(gone, { recursive: true, force: true });
}

const goneEnding = ".gone";
