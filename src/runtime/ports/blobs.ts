/** Contents by their hashes. */
import type { Hash } from "../../model/hash.ts";

export interface Blobs {
  put(content: string | Uint8Array): Promise<Hash>;
  /** Rejects with an Error that names the hash where there is none, or where its content does not match. */
  get(hash: Hash): Promise<Buffer>;
  /** A folder for files that `adopt` is to take over. */
  readonly spool: string;
  /** Takes over a file with content of that hash and length: it is gone from its place. However large, none of it goes through memory. */
  adopt(file: string, hash: Hash, bytes: number): Promise<void>;
  /** The path of a file that has the content, not to be written to, for who reads it piece by piece and checks it. Rejects as `get` does. */
  file(hash: Hash): Promise<string>;
}
