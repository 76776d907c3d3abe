/** What the ports reject with. */

/** What was asked for does not fit what is there. The message is a sentence for people. */
export class ConflictError extends Error {
  override name = "ConflictError";
}

/** The caller's attempt is not the running one any more. */
export class LostLeaseError extends Error {
  override name = "LostLeaseError";
}

/** The store cannot be opened, or cannot be written. The message is a sentence for people that says how to mend it. */
export class StoreError extends Error {
  override name = "StoreError";
}
