import { Command } from "commander";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { collect, project, readParameters } from "../flags.ts";
import { printJson, printLines } from "../output.ts";
import type { ParamFlags } from "../params.ts";
import { openTasks } from "../tasks-of.ts";

export const taskClone = (): Command =>
  new Command("clone")
    .description("make a new draft of a task: its code, parameters and configuration, and none of what it made")
    .argument("<task>", "the task's id, or the beginning of it")
    .option("--id <id>", "of the clone; default: a new one")
    .option("--name <name>", "default: clone of …")
    .option("--project <project>", "default: the task's own", project)
    .option("--tag <tag>", "in place of the task's own; may be given several times", collect)
    .option("--comment <text>", "for people")
    .option("--params <json>", "parameters in place of the task's, as one JSON object, or @FILE")
    .option("--param <name=value>", "one of them; the value is JSON, else text", collect)
    .option("--json", "as JSON")
    .addHelpText("after", "\nExample:\n  reprise task clone m1x7k2 --name 'slower' --param rate=0.1")
    .action(exiting(cloneTask));

type Flags = ParamFlags & {
  id?: string;
  name?: string;
  project?: string;
  tag?: string[];
  comment?: string;
  json?: boolean;
};

async function cloneTask(
  from: string,
  { json, params, param, tag, ...flags }: Flags,
  command: Command,
): Promise<number> {
  const parameters = readParameters({ ...(params !== undefined && { params }), ...(param && { param }) });
  await using tasks = await openTasks(command);
  const source = await tasks.find(from);
  const clone = await source.clone({ ...flags, ...(tag && { tags: tag }), ...(parameters && { parameters }) });
  if (json)
    printJson({
      id: clone.id,
      name: clone.name,
      status: clone.status,
      parent: source.id,
      parameters: clone.parameters,
    });
  else printLines([`${clone.id} (${clone.name}) is a draft`]);
  return exitCodes.completed;
}
