import { Command } from "commander";
import { type Json, parseJson } from "../../model/json.ts";
import { exitCodes, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { findRun } from "../find.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines } from "../output.ts";

export const signal = (): Command =>
  new Command("signal")
    .description("send a run a signal that its pipeline waits for, or will wait for")
    .argument("<run>", "the run's id, or the beginning of it")
    .argument("<name>", "the signal's name, as in signal(name) in the pipeline")
    .argument("[value]", "JSON to send with it")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      '\nExamples:\n  reprise signal m1x7k2 approved\n  reprise signal m1x7k2 approved \'{ "by": "Ada" }\'',
    )
    .action(exiting(sendSignal));

async function sendSignal(
  id: string,
  name: string,
  text: string | undefined,
  { json }: { json?: boolean },
  command: Command,
): Promise<number> {
  const value = text === undefined ? undefined : readValue(text);
  await using store = await existingStore(command);
  const task = await findRun(store, id);
  const { runOf } = await import("../../runtime/controller/run.ts");
  await runOf(store, task.id).signal(name, value);
  if (json) printJson({ run: task.id, signal: name, value: value ?? null });
  else printLines([`${task.id} (${task.name}) has the signal ${name}`]);
  return exitCodes.completed;
}

function readValue(json: string): Json {
  try {
    return parseJson(json);
  } catch (error) {
    throw new UsageError(
      `the value of the signal cannot be used: ${(error as Error).message}`,
      "Write JSON: text stands in quotes within the shell's own, as in '\"yes\"'.",
    );
  }
}
