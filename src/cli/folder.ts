/** Where tasks live: `--store`, else REPRISE_STORE, else `.reprise`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Store } from "../runtime/ports.ts";
import { UsageError } from "./errors.ts";

export const defaultFolder = ".reprise";

/** Throws a UsageError where an address is given: this version keeps tasks in a folder. */
export function storeFolder(command: Command): string {
  const { store } = command.optsWithGlobals<{ store?: string }>();
  const folder = store ?? (process.env.REPRISE_STORE || defaultFolder);
  if (/^[a-z]+:\/\//i.test(folder))
    throw new UsageError(
      `the store ${folder} is an address, and this version keeps tasks in a folder`,
      "Give a folder with --store.",
    );
  return folder;
}

/** Where the compiler keeps what it need not do twice. */
export const cacheFolder = (command: Command): string => join(storeFolder(command), "cache");

/** For commands that look at what is there: none of them makes a store. Throws a UsageError where there is none. */
export async function existingStore(command: Command): Promise<Store> {
  const folder = storeFolder(command);
  if (!existsSync(folder))
    throw new UsageError(
      `there is no store at ${folder}`,
      "Run a pipeline first (reprise run pipeline.ts), or say with --store where its tasks are kept.",
    );
  const { openStore } = await import("../runtime/store/open.ts");
  return openStore(folder);
}
