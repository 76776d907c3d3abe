/** `--watch`: what a command shows, drawn again in its place while it changes. */
import { setTimeout } from "node:timers/promises";
import { Option } from "commander";
import { UsageError } from "./errors.ts";
import { onInterrupt } from "./interrupt.ts";

export const watchOption = (): Option =>
  new Option("-w, --watch", "draw it again as it changes, until Ctrl-C").conflicts("json");

/** Ages and running times change without an event, so that a clock tells when to look again. Milliseconds. */
const redrawMs = 500;

/** Draws the lines, as many as the terminal is high, until Ctrl-C. Rejects with a UsageError where there is no terminal. */
export async function watch(
  lines: () => Promise<readonly string[]>,
  terminal: NodeJS.WriteStream = process.stdout,
): Promise<void> {
  if (!terminal.isTTY)
    throw new UsageError("--watch draws on a terminal, and here is none", "Leave it out, or take --json.");
  const { createLogUpdate } = await import("log-update");
  const update = createLogUpdate(terminal);
  const over = new AbortController();
  using _ = onInterrupt({ abort: () => over.abort(), kill: () => {} });
  while (!over.signal.aborted) {
    update((await lines()).slice(0, terminal.rows - 1).join("\n"));
    await setTimeout(redrawMs, undefined, { signal: over.signal }).catch(() => {});
  }
  update.done();
}
