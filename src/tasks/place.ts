/** Where tasks live: in a folder of this machine, or at a hub. */
import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { type Store, StoreError } from "../runtime/ports.ts";
import type { Durability } from "../runtime/store/database.ts";

export type Place = {
  kind: "folder" | "hub";
  /** The folder, absolute, or the hub's address: so it is told to people, and to other processes. */
  name: string;
  /** What belongs to it on this machine: compiled sources, bundles, secrets. A store's own folder has them beside it. */
  folder: string;
};

export type PlaceOptions = {
  /** Of a folder. */
  durability?: Durability;
  /** Hears where a hub's subscriptions cannot go on; default: the error is thrown, uncaught. */
  broken?(error: Error): void;
};

/** Default: `REPRISE_STORE`, else `.reprise`. Throws a StoreError where it is an address of another kind. */
export function placeOf(store = process.env.REPRISE_STORE || ".reprise"): Place {
  if (/^https?:\/\//i.test(store)) return hubAt(store);
  if (/^[a-z]+:\/\//i.test(store))
    throw new StoreError(`the store ${store} is neither a folder nor the address of a hub (http://…, https://…)`);
  const folder = resolve(store);
  return { kind: "folder", name: folder, folder };
}

/** What neither kind of store needs of the other is not loaded. Rejects with a StoreError. */
export async function openPlace(
  { kind, name, folder }: Place,
  { durability, broken }: PlaceOptions = {},
): Promise<Store> {
  if (kind === "folder") {
    const { openStore } = await import("../runtime/store/open.ts");
    return openStore(folder, durability ? { durability } : {});
  }
  const { openHub } = await import("../runtime/hub/client/open.ts");
  await mkdir(folder, { recursive: true });
  const token = process.env.REPRISE_TOKEN;
  return openHub({
    ...{ address: name, folder },
    ...(token && { token }),
    ...(broken && { broken }),
    trouble: (sentence) => process.stderr.write(`reprise: ${sentence}\n`),
  });
}

function hubAt(address: string): Place {
  if (!URL.canParse(address))
    throw new StoreError(`the store ${address} is no address of a hub: write http://HOST:PORT`);
  const { host, pathname, protocol } = new URL(address);
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const name = `${host}${pathname}`.replace(/\/+$/, "").replace(/[^\w.-]+/g, "-");
  return {
    kind: "hub",
    name: `${protocol}//${host}${pathname}`.replace(/\/+$/, ""),
    folder: join(caches, "reprise", name),
  };
}
