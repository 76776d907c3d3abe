/**
 * Sweeping: what nothing refers to any more goes. Other processes go on meanwhile: what was written or asked for lately stays, whether or not a row refers
 * to it yet, and a blob that somebody puts again while it is being removed comes back.
 */
import type { Hash } from "../../model/hash.ts";
import type { Pipeline } from "../../model/pipeline.ts";
import type { TaskId } from "../../model/task.ts";
import type { SweepRequest, Swept } from "../ports.ts";
import { removeTasks } from "./belongings.ts";
import type { BlobFolder } from "./blobs.ts";
import type { Database } from "./database.ts";
import { registeredAs } from "./register.ts";
import type { Tables } from "./tables.ts";

/** So long a content may lie before a row refers to it. */
const graceMs = 3_600_000;

export async function sweep(tables: Tables, blobs: BlobFolder, request: SweepRequest): Promise<Swept> {
  const { database } = tables;
  const { before, without = [], dryRun = false } = request;
  const oldest = Math.min(before, Date.now() - graceMs);
  const pipelines = await sweepPipelines(tables, blobs, before, dryRun);
  if (!dryRun) await sweepRows(database, blobs, oldest);
  const used = await usedBlobs(database, blobs, without);
  const swept: Swept = { pipelines, blobs: 0, bytes: 0 };
  for await (const file of blobs.files()) {
    if (file.hash !== undefined && used.has(file.hash)) continue;
    const bytes = await blobs.remove(file.path, oldest, dryRun);
    if (bytes === undefined) continue;
    swept.blobs += 1;
    swept.bytes += bytes;
  }
  return swept;
}

/** Those that no task was cloned from. */
async function sweepPipelines(tables: Tables, blobs: BlobFolder, before: number, dryRun: boolean): Promise<number> {
  const { database } = tables;
  const unused = await database.read(() => database.all<{ hash: Hash }>(`select p.hash ${unusedPipelines}`, before));
  let swept = 0;
  for (const { hash } of unused) {
    const pipeline = JSON.parse((await blobs.get(hash)).toString("utf8")) as Pipeline;
    const { controller, templates } = registeredAs(pipeline, hash);
    const drafts = JSON.stringify([controller, ...templates.values()]);
    swept += await database.writeUnchecked(() => {
      const isUnused = database.get(`select 1 ${unusedPipelines} and p.hash = ?`, before, hash) !== undefined;
      if (!isUnused || database.get(clonedFrom, drafts) !== undefined) return 0;
      if (dryRun) return 1;
      tables.write();
      database.run("delete from pipelines where hash = ?", hash);
      removeTasks(tables, "select key from tasks where id in (select value from json_each(?))", drafts);
      return 1;
    });
  }
  return swept;
}

const unusedPipelines = `from pipelines p join tasks d on d.key = p.controller
  where d.created_at < ? and d.archived = 0 and d.comment is null
    and not exists (select 1 from tasks t where t.parent = d.key and t.path is null)`;
const clonedFrom = `select 1 from tasks t join tasks d on d.key = t.parent
  where t.path is null and d.id in (select value from json_each(?)) limit 1`;

/** A bundle that was put lately may be about to be used. */
async function sweepRows(database: Database, blobs: BlobFolder, oldest: number): Promise<void> {
  const unused = "hash not in (select code ->> 'bundle' from configurations where code ->> 'bundle' is not null)";
  await database.write(() => {
    database.run("delete from checkpoints where task in (select key from tasks where status = 'completed')");
    database.run("delete from starts where at < ?", oldest);
    database.run("delete from configurations where key not in (select configuration from tasks)");
  });
  const bundles = await database.read(() =>
    database.all<{ hash: Hash; blob: Hash }>(`select hash, blob from bundles where ${unused}`),
  );
  for (const { hash, blob } of bundles)
    if (await blobs.isOlder(blob, oldest))
      await database.write(() => database.run(`delete from bundles where hash = ? and ${unused}`, hash));
}

/** Named in any row but those of the runs and tasks `without`, or in a value that is kept as a blob: an artifact there is no more than its name. */
async function usedBlobs(database: Database, blobs: BlobFolder, without: readonly TaskId[]): Promise<Set<Hash>> {
  const { named, values } = await database.read(() => {
    const tasks = `select key from tasks t where not exists (
      select 1 from json_each(?) where t.id = value or t.id > value || '/' and t.id < value || '0')`;
    const texts = (sql: string) =>
      database.all<{ text: string }>(`${sql} in (${tasks})`, JSON.stringify(without)).map(({ text }) => text);
    return {
      named: [
        ...everywhere.flatMap((sql) => database.all<{ text: string }>(sql).map(({ text }) => text)),
        ...ofTasks.flatMap(texts),
      ],
      values: ofValues.flatMap(texts) as Hash[],
    };
  });
  const used = new Set<Hash>(values);
  for (const text of named) for (const hash of hashesIn(text)) used.add(hash);
  for (const value of new Set(values)) for (const hash of hashesIn(await textIn(blobs, value))) used.add(hash);
  return used;
}

/** What is damaged names nothing that could still be read. */
const textIn = (blobs: BlobFolder, value: Hash): Promise<string> =>
  blobs.get(value).then(
    (content) => content.toString("utf8"),
    () => "",
  );

const everywhere = [
  "select blob as text from bundles",
  "select hash as text from pipelines",
  "select code ->> 'files' as text from configurations where code ->> 'files' is not null",
];
const ofTasks = [
  "select hash as text from artifacts where task",
  "select input as text from tasks where input like '%sha256:%' and key",
  "select output as text from tasks where output like '%sha256:%' and key",
  "select content as text from checkpoints where content like '%sha256:%' and task",
  "select content as text from provenance where content like '%sha256:%' and task",
  "select entries as text from events where entries like '%\"signal\"%' and entries like '%sha256:%' and run",
  "select content as text from configuration_objects where content like '%sha256:%' and task",
];
const ofValues = [
  "select input as text from tasks where input_bytes is not null and key",
  "select output as text from tasks where output_bytes is not null and key",
  "select content as text from checkpoints where bytes is not null and task",
  `select e.value ->> '$[1].value.blob' as text from events, json_each(events.entries) e
   where events.entries like '%"signal"%' and e.value ->> '$[1].kind' = 'signal' and e.value ->> '$[1].value.blob' is not null and events.run`,
];

function* hashesIn(text: string): Generator<Hash> {
  for (const [hash] of text.matchAll(/sha256:[0-9a-f]{64}/g)) yield hash as Hash;
}
