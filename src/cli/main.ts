/** The command line's entry: parses what was typed, runs the command, ends with its exit code. */
import { CommanderError } from "commander";
import { optimizeEarly } from "../model/early-optimization.ts";
import { spareMemory } from "../model/spare-memory.ts";
import { exitCodes } from "./errors.ts";
import { exitWith, ignoreClosedPipes } from "./exit.ts";
import { program } from "./program.ts";

optimizeEarly();
spareMemory();
ignoreClosedPipes();
// A process that ended in the middle, with nothing left to wait for, has not done what it was asked to do.
process.exitCode = exitCodes.failed;
try {
  await program().parseAsync(process.argv);
} catch (error) {
  // Commander has said what was wrong, or has shown the help that was asked for.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.completed : exitCodes.usage;
  else exitWith(error);
}
