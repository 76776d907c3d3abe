/** Where tasks live: `--store`, else REPRISE_STORE, else `.reprise`: a folder, or the address of a hub. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Store } from "../runtime/ports.ts";
import { openPlace, placeOf } from "../tasks/place.ts";
import { UsageError } from "./errors.ts";

export const defaultFolder = ".reprise";

/** As it was typed. */
export function storeName(command: Command): string {
  const { store } = command.optsWithGlobals<{ store?: string }>();
  return store ?? (process.env.REPRISE_STORE || defaultFolder);
}

/** What belongs to the store on this machine; of a folder, itself. */
export const storeFolder = (command: Command): string => placeOf(storeName(command)).folder;

/** Where the compiler keeps what it need not do twice. */
export const cacheFolder = (command: Command): string => join(storeFolder(command), "cache");

/** For commands that look at what is there: none of them makes a store. Throws a UsageError where there is none. */
export async function existingStore(command: Command): Promise<Store> {
  const place = placeOf(storeName(command));
  if (place.kind === "folder" && !existsSync(place.folder))
    throw new UsageError(
      `there is no store at ${storeName(command)}`,
      "Run a pipeline first (reprise run pipeline.ts), or say with --store where its tasks are kept.",
    );
  return openPlace(place);
}
