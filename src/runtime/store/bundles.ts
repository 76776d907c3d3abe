/** Bundles: each a blob, found by the bundle's own hash. */
import { type Bundle, bundleHash } from "../../model/bundle.ts";
import type { Hash } from "../../model/hash.ts";
import type { BlobFolder } from "./blobs.ts";
import type { Tables } from "./tables.ts";

/** The blob comes first: a row never names one that is not there. */
export async function keepBundle({ database }: Tables, blobs: BlobFolder, bundle: Bundle): Promise<Hash> {
  const hash = bundleHash(bundle);
  const blob = await blobs.put(JSON.stringify(bundle));
  await database.change(() =>
    database.run("insert into bundles (hash, blob) values (?, ?) on conflict do nothing", hash, blob),
  );
  return hash;
}
