/** The embedded store: a folder with a database and blobs, which several processes of one machine may share. */
import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Store, StoreError } from "../ports.ts";
import { ArtifactTable } from "./artifacts.ts";
import { BlobFolder } from "./blobs.ts";
import { cacheOf } from "./cache.ts";
import { checkStore } from "./check.ts";
import { checkpointsOf } from "./checkpoints.ts";
import { type Database, type Durability, openDatabase } from "./database.ts";
import { storeError } from "./errors.ts";
import { Feed } from "./feed.ts";
import { FigureTable } from "./figures.ts";
import { LogTable } from "./logs.ts";
import { MetricTable } from "./metrics.ts";
import { migrate } from "./migrations.ts";
import { provenancesOf } from "./provenance.ts";
import { queueOf } from "./queue.ts";
import { Roster } from "./roster.ts";
import { RunTable } from "./runs.ts";
import { sweep } from "./sweep.ts";
import { tablesOf } from "./tables.ts";
import { tasksOf } from "./task-operations.ts";
import { tokensOf } from "./tokens.ts";

export type StoreOptions = {
  /** `normal` (the default): what was acknowledged survives the death of the process; `full`: also the loss of power. */
  durability?: Durability;
};

/** Opens the store in `folder`, or creates it. Rejects with a StoreError that says how to mend it. */
export async function openStore(folder: string, { durability = "normal" }: StoreOptions = {}): Promise<Store> {
  const path = resolve(folder);
  await makeFolder(path);
  const database = await openDatabase(path, durability);
  try {
    await migrate(database);
    return storeOn(database, durability);
  } catch (error) {
    database.close();
    throw storeError(error, path);
  }
}

function storeOn(database: Database, durability: Durability): Store {
  const tables = tablesOf(database);
  const feed = new Feed(tables);
  const blobs = new BlobFolder(database.folder, durability);
  const logs = new LogTable(tables);
  const roster = new Roster(database);
  const close = async () => {
    logs.close();
    roster.close();
    database.close();
    feed.close();
  };
  return {
    tasks: tasksOf(tables),
    runs: new RunTable(tables, blobs),
    queue: queueOf(tables, feed, roster),
    events: feed,
    blobs,
    cache: cacheOf(tables),
    checkpoints: checkpointsOf(tables),
    provenance: provenancesOf(tables),
    artifacts: new ArtifactTable(tables, feed),
    metrics: new MetricTable(tables),
    logs,
    figures: new FigureTable(tables),
    tokens: tokensOf(tables),
    once: (name, act) => database.once(name, act),
    check: () => checkStore(tables, blobs),
    sweep: (request) => sweep(tables, blobs, request),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A folder of the user's own, which was there before, gets no `.gitignore`. */
async function makeFolder(folder: string): Promise<void> {
  try {
    if (await made(folder)) await writeFile(join(folder, ".gitignore"), "*\n");
  } catch (error) {
    const known = storeError(error, folder);
    throw known === error
      ? new StoreError(`the store ${folder} cannot be made: ${(error as Error).message}`, { cause: error })
      : known;
  }
}

/** False where it was there. Not by `recursive`, which never ends on a file system that answers ENOENT for ever, such as /proc. */
async function made(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await stat(folder)).isDirectory()) return false;
    if (code !== "ENOENT" || dirname(folder) === folder) throw error;
    // Where the parent was there, it is not what is missing.
    if (!(await made(dirname(folder)))) throw error;
    await mkdir(folder);
    return true;
  }
}
