import { Command } from "commander";
import { ConflictError } from "../../runtime/ports.ts";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { assertNotEnded, findRun } from "../find.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines } from "../output.ts";

export const abort = (): Command =>
  new Command("abort")
    .description("end a run: its controller and whatever of it has not ended become aborted")
    .argument("<run>", "the run's id, or the beginning of it")
    .option("--reason <text>", "why, for whoever looks later", "aborted from the command line")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExamples:\n  reprise abort m1x7k2\n  reprise abort m1x7k2 --reason 'wrong data'")
    .action(exiting(abortRun));

type Flags = { reason: string; json?: boolean };

async function abortRun(id: string, { reason, json }: Flags, command: Command): Promise<number> {
  await using store = await existingStore(command);
  const run = await findRun(store, id);
  assertNotEnded(run, "abort");
  if (!(await store.runs.abort(run.id, reason)))
    throw new ConflictError(`the run ${run.id} ended just before it could be aborted`);
  if (json) printJson({ run: run.id, status: "aborted", reason });
  else printLines([`${run.id} (${run.name}) is aborted`]);
  return exitCodes.completed;
}
