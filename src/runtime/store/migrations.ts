/** Migrations: forward only, in this order; the database's `user_version` counts those it has. Never change one that was released: add one. */
import { StoreError } from "../ports.ts";
import type { Database } from "./database.ts";
import { agents } from "./migrations/agents.ts";
import { answers } from "./migrations/answers.ts";
import { artifacts } from "./migrations/artifacts.ts";
import { blocks } from "./migrations/blocks.ts";
import { cache } from "./migrations/cache.ts";
import { cards } from "./migrations/cards.ts";
import { chances } from "./migrations/chances.ts";
import { checkpoints } from "./migrations/checkpoints.ts";
import { configurationObjects } from "./migrations/configuration-objects.ts";
import { deletions } from "./migrations/deletions.ts";
import { events } from "./migrations/events.ts";
import { lanes } from "./migrations/lanes.ts";
import { logs } from "./migrations/logs.ts";
import { metrics } from "./migrations/metrics.ts";
import { pipelines } from "./migrations/pipelines.ts";
import { products } from "./migrations/products.ts";
import { provenance } from "./migrations/provenance.ts";
import { queues } from "./migrations/queues.ts";
import { removedEvents } from "./migrations/removed-events.ts";
import { resources } from "./migrations/resources.ts";
import { tasks } from "./migrations/tasks.ts";
import { tokens } from "./migrations/tokens.ts";
import { unserved } from "./migrations/unserved.ts";

export const migrations: readonly string[] = [
  tasks,
  agents,
  events,
  pipelines,
  artifacts,
  metrics,
  logs,
  chances,
  cards,
  configurationObjects,
  queues,
  cache,
  products,
  checkpoints,
  lanes,
  resources,
  provenance,
  removedEvents,
  unserved,
  deletions,
  tokens,
  answers,
  blocks,
];

/** Brings the database up to date, in one transaction. Rejects with a StoreError where a newer Reprise has written it. */
export async function migrate(database: Database): Promise<void> {
  const version = () => database.get<{ user_version: number }>("pragma user_version")!.user_version;
  if ((await database.read(version)) === migrations.length) return;
  await database.write(() => {
    // Read again: another process may have migrated it while this one waited.
    const have = version();
    if (have > migrations.length)
      throw new StoreError(
        `the store ${database.folder} was written by a newer Reprise (version ${have} of its tables; this one knows ${migrations.length}). ` +
          "Update Reprise, or choose another folder with --store",
      );
    for (const migration of migrations.slice(have)) database.exec(migration);
    database.exec(`pragma user_version = ${migrations.length}`);
  });
}
