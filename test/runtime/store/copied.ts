/** Stores as copies of one that was made before: cheaper than making each. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../../../src/runtime/ports.ts";
import { openStore } from "../../../src/runtime/store/open.ts";
import { temporaryFolder } from "./folders.ts";

/** Gives a store that is as `make` has left its own, each time another one, which is gone after the test. */
export function copiesOf(make: (store: Store) => Promise<unknown> = async () => {}): () => Promise<Store> {
  let made: Promise<string> | undefined;
  return async () => {
    made ??= makeIn(mkdtempSync(join(tmpdir(), "reprise-copied-")), make);
    const folder = join(temporaryFolder(), "store");
    cpSync(await made, folder, { recursive: true });
    return openStore(folder);
  };
}

async function makeIn(folder: string, make: (store: Store) => Promise<unknown>): Promise<string> {
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  await using store = await openStore(folder);
  await make(store);
  return folder;
}
