/** Who may speak to a hub that serves the store. */
import type { Hash } from "../../model/hash.ts";
import type { Token } from "../../model/token.ts";

export interface Tokens {
  keep(token: Token): Promise<void>;
  /** The oldest first; those that are not valid any more too. */
  list(): Promise<Token[]>;
  find(hash: Hash): Promise<Token | undefined>;
  /** Rejects with a ConflictError where there is none. */
  revoke(id: string): Promise<void>;
}
