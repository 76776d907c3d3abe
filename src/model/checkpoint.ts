/** Checkpoints: what an attempt leaves for a later one of the same task, so that it need not begin anew. */
import { encode } from "./value.ts";

/** Of the encoded value. */
export const largestCheckpoint = 16 * 1024 * 1024;

export interface Checkpoint {
  /**
   * Keeps the value in place of the one before. Resolves when it is stored: it survives the death of the process. Rejects with a ValueError for what is no
   * plain data, and for more than 16 MB: keep that as an artifact, and its reference here.
   */
  save(value: unknown): Promise<void>;
  /** What was saved last, by this attempt or an earlier one; undefined where nothing was. */
  load<T>(): Promise<T | undefined>;
}

/** The value as text. Throws a ValueError. */
export function checkpointText(value: unknown, step: string): string {
  const what = `the checkpoint of step "${step}"`;
  const text = encode(value, what);
  if (Buffer.byteLength(text) <= largestCheckpoint) return text;
  throw Object.assign(
    new TypeError(`${what} is larger than 16 MB: keep it as an artifact, and save the reference to it`),
    { name: "ValueError" },
  );
}
