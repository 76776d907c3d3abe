/** What the command line says when something goes wrong, and the exit code that goes with it. */
import type { CompileError } from "../compiler/problem.ts";

export const exitCodes = { completed: 0, failed: 1, usage: 2, aborted: 130 } as const;

/** What was typed, or the files that it names, cannot be used. The message is one sentence; the remedy another. */
export class UsageError extends Error {
  override name = "UsageError";
  readonly remedy: string | undefined;

  constructor(message: string, remedy?: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** Errors that speak to people, by name: the classes lie in rooms that are loaded only where they are needed. */
const inputErrors = new Set([
  "UsageError",
  "PipelineError",
  "ParamsError",
  "SettingError",
  "SignalError",
  "RefreshError",
  "ConflictError",
  "ValueError",
  "StoreError",
]);

/** The text for stderr and the exit code. An error of no known kind is a bug of ours; its stack is shown with REPRISE_DEBUG=1. */
export function explain(error: unknown, options: { color: boolean }): { text: string; exitCode: number } {
  const { name, message, stack, remedy }: Error & { remedy?: string } =
    error instanceof Error ? error : new Error(String(error));
  if (name === "CompileError")
    return { text: `${(error as CompileError).format(options)}\n`, exitCode: exitCodes.usage };
  if (inputErrors.has(name))
    return { text: `reprise: ${message}\n${remedy ? `${remedy}\n` : ""}`, exitCode: exitCodes.usage };
  const how = process.env.REPRISE_DEBUG
    ? stack
    : "This is a bug in Reprise, please report it. REPRISE_DEBUG=1 shows where it happened.";
  return { text: `reprise: ${name}: ${message}\n${how}\n`, exitCode: exitCodes.failed };
}
