/** The command line without a process of its own, for tests of many commands: what it says and its exit code. */
import { CommanderError } from "commander";
import { vi } from "vitest";
import { exitWith } from "../../src/cli/exit.ts";
import { program } from "../../src/cli/program.ts";

export async function said(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const text = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((chunk) => {
      text[name] += chunk;
      return true;
    }),
  );
  process.exitCode = 1;
  try {
    await program().parseAsync(["node", "reprise", ...args]);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else exitWith(error);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  const code = process.exitCode as number;
  process.exitCode = undefined;
  return { code, ...text };
}
