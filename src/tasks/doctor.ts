/** What may be wrong with a store and the machine that it is on, each with its remedy. Nothing is changed. */
import { stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { formatDuration } from "../model/duration.ts";
import { rootOf } from "../model/identity.ts";
import { packageSpecs } from "../model/packages.ts";
import { isDead } from "../runtime/agent/lease.ts";
import { setsIn } from "../runtime/agent/packages/set.ts";
import type { Store } from "../runtime/ports.ts";

/** `bad`: something is broken; `odd`: somebody should know. */
export type Finding = { state: "good" | "odd" | "bad"; text: string; remedy?: string };

/** `folder`: the store's. `secrets`: the agents' file of secrets. */
export async function examine(store: Store, folder: string, secrets: string): Promise<Finding[]> {
  const found = await Promise.all([
    whole(store),
    abandoned(store),
    waiting(store),
    readable(secrets),
    packageSets(join(folder, "packages")),
    space(folder),
  ]);
  return [{ state: "good", text: `Node ${process.versions.node}` }, ...found.flat()];
}

async function whole(store: Store): Promise<Finding[]> {
  const { database, missing } = await store.check();
  return [
    database.length === 0
      ? { state: "good", text: "the database is whole" }
      : { state: "bad", text: `the database is damaged: ${database[0]}`, remedy: "take it from a backup" },
    missing.length === 0
      ? { state: "good", text: "every content that is named is there" }
      : {
          state: "bad",
          text: `${missing.length} contents are missing, such as ${missing[0]}`,
          remedy: "take the folder blobs from a backup",
        },
  ];
}

/** What dead agents were running. */
async function abandoned({ queue, tasks }: Store): Promise<Finding[]> {
  const now = Date.now();
  const agents = await queue.agents();
  const alive = new Set(agents.filter((agent) => !isDead(agent, now)).map(({ id }) => id));
  const runs = new Set<string>();
  for (const { id } of await tasks.list({ status: "running" })) {
    const agent = (await tasks.attempts(id)).at(-1)?.agent;
    if (agent !== undefined && !alive.has(agent)) runs.add(rootOf(id));
  }
  const living: Finding = { state: "good", text: `${alive.size} of ${agents.length} known agents are alive` };
  return [
    living,
    ...[...runs].map(
      (run): Finding => ({
        state: "odd",
        text: `the run ${run} lost its process`,
        remedy: `reprise resume ${run}`,
      }),
    ),
  ];
}

/** What waits in queues that nobody serves. */
async function waiting({ queue }: Store): Promise<Finding[]> {
  const now = Date.now();
  const alive = new Set((await queue.agents()).filter((agent) => !isDead(agent, now)).map(({ id }) => id));
  const stuck = (await queue.list()).filter((each) => each.waiting > 0 && !each.agents.some((id) => alive.has(id)));
  return stuck.map(({ name, waiting, oldestAt = now }) => ({
    state: "odd",
    text: `${waiting} wait in the queue ${name}, the oldest for ${formatDuration(now - oldestAt)}, and no living agent serves it`,
    remedy: `reprise agent --queue ${name}`,
  }));
}

async function readable(secrets: string): Promise<Finding[]> {
  const known = await stat(secrets).catch(() => undefined);
  if (known === undefined || process.platform === "win32" || (known.mode & 0o077) === 0) return [];
  return [
    { state: "bad", text: `the file of secrets ${secrets} may be read by others`, remedy: `chmod 600 ${secrets}` },
  ];
}

async function packageSets(folder: string): Promise<Finding[]> {
  const now = Date.now();
  const sets = (await setsIn(folder)).map(
    ({ packages, usedAt }) =>
      `${packageSpecs(packages).join(" ")} (last used ${formatDuration(Math.max(0, now - usedAt))} ago)`,
  );
  return sets.length === 0 ? [] : [{ state: "good", text: `installed for steps: ${sets.join("; ")}` }];
}

const leastBytes = 1e9;

async function space(folder: string): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= leastBytes) return [];
  return [{ state: "odd", text: "less than 1 GB is left on the disk", remedy: "reprise prune" }];
}
