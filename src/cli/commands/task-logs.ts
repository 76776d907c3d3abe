import { Command } from "commander";
import type { LogLine } from "../../model/log.ts";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { findTask, tasksOf } from "../find.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines, screenOf } from "../output.ts";

export const taskLogs = (): Command =>
  new Command("logs")
    .description("what a task printed; of a run, what all of its steps printed, in order of time")
    .argument("<task>", "the id of a task or a run, or the beginning of it")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExamples:\n  reprise task logs m1x7k2\n  reprise task logs 'm1x7k2/loop1[3]/fit'")
    .action(exiting(showLogs));

async function showLogs(id: string, { json }: { json?: boolean }, command: Command): Promise<number> {
  await using store = await existingStore(command);
  const task = await findTask(store, id);
  const tasks = await tasksOf(store, task);
  const lines = (await Promise.all(tasks.map(({ id }) => store.logs.read(id)))).flat();
  if (tasks.length > 1) lines.sort((a, b) => a.at - b.at);
  const { style } = screenOf(process.stdout);
  const title = (line: LogLine) => (tasks.length > 1 ? style.dim(`${line.task.slice(task.id.length + 1)} | `) : "");
  if (json) printJson(lines);
  else
    printLines(lines.map((line) => `${title(line)}${line.stream === "stderr" ? style.yellow(line.text) : line.text}`));
  return exitCodes.completed;
}
