/** Whether the store is whole: its database, and the contents that its rows name. */
import type { Hash } from "../../model/hash.ts";
import type { Damage } from "../ports.ts";
import type { BlobFolder } from "./blobs.ts";
import { sizes } from "./blocks.ts";
import type { Tables } from "./tables.ts";

export async function checkStore({ database }: Tables, blobs: BlobFolder): Promise<Damage> {
  const [found, named] = await database.read(() => [
    [
      ...database.all<{ quick_check: string }>("pragma quick_check").map((row) => row.quick_check),
      ...database.all<{ lost: string }>(unindexed).map(({ lost }) => lost),
    ],
    database.all<{ hash: Hash }>(contents).map(({ hash }) => hash),
  ]);
  const isMissing = await Promise.all(named.map((hash) => blobs.isOlder(hash, 0).catch(() => true)));
  return { database: found.filter((line) => line !== "ok"), missing: named.filter((_, i) => isMissing[i]) };
}

const contents = `
  select blob as hash from bundles union select hash from pipelines union select hash from artifacts
  union select code ->> 'files' from configurations where code ->> 'files' is not null
  union select input from tasks where input_bytes is not null
  union select output from tasks where output_bytes is not null
  union select content from checkpoints where bytes is not null`;

/** What no block is said to hold would not be found. */
const unindexed = `
  select 'event ' || e.seq || ' is in no chapter of its run' as lost from events e
    where not exists (select 1 from chapters c where c.run = e.run and c.block = e.seq / ${sizes.events})
      or e.root is not null and not exists (select 1 from chapters c where c.run = e.root and c.block = e.seq / ${sizes.events})
  union all select 'task ' || t.id || ' runs in a block where none does' from tasks t
    where t.status = 'running' and not exists (select 1 from running r where r.block = t.key / ${sizes.tasks})`;
