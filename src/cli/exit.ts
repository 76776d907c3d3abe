/** How a command ends: with an exit code, or with an error that is explained to people. */
import { explain } from "./errors.ts";
import { hasColor } from "./view/style.ts";

/** Wraps a command's action: what it gives is the exit code, what it throws is explained on stderr. */
export function exiting<Args extends unknown[]>(
  action: (...args: Args) => Promise<number>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    try {
      process.exitCode = await action(...args);
    } catch (error) {
      exitWith(error);
    }
  };
}

export function exitWith(error: unknown): void {
  const { text, exitCode } = explain(error, { color: hasColor(process.stderr) });
  process.stderr.write(text);
  process.exitCode = exitCode;
}

/** A reader that has seen enough (`| head`) is no error: what it no longer takes is dropped, and the run goes on. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
}
