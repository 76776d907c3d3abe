/**
 * What is asked for while the process exits, it cannot send any more: another process does, and the exit waits for it. So a script that ends by `process.exit`,
 * or by an error that nobody catches, still says what it came to before anybody can miss it.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { ownConditions } from "../../../model/conditions.ts";

/** `body`: of a batch of changes. */
export type LastWords = { address: string; token?: string; body: string; patienceMs: number };

/** So long a hub may take. */
const patienceMs = 5_000;

/** From its event `exit` on, a process does nothing any more that takes time. */
export const isExiting = (): boolean => (process as { _exiting?: boolean })._exiting === true;

export function sayLast(words: Omit<LastWords, "patienceMs">): void {
  const program = createRequire(import.meta.url).resolve("#last-words-process");
  spawnSync(process.execPath, [...ownConditions(), program], {
    input: JSON.stringify({ ...words, patienceMs }),
    stdio: ["pipe", "ignore", "inherit"],
    timeout: 2 * patienceMs,
  });
}
