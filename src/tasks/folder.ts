/** Where tasks live. */
import { resolve } from "node:path";
import { StoreError } from "../runtime/ports.ts";

/** The folder, absolute; default: `REPRISE_STORE`, else `.reprise`. Throws a StoreError where it is an address. */
export function storeFolder(store = process.env.REPRISE_STORE || ".reprise"): string {
  if (/^[a-z]+:\/\//i.test(store))
    throw new StoreError(`the store ${store} is not a folder: this version of Reprise keeps tasks in a folder only`);
  return resolve(store);
}
