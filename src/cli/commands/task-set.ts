import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { durationMs } from "../../model/duration.ts";
import { type Json, parseJson } from "../../model/json.ts";
import { checkPriority } from "../../model/options.ts";
import { retryPolicy } from "../../model/retry.ts";
import type { TaskEdit, TaskHandle } from "../../model/task-handle.ts";
import { type TaskType, taskTypes } from "../../model/task-type.ts";
import { exitCodes, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { collect, project, readParameters, ruled } from "../flags.ts";
import { printJson, printLines } from "../output.ts";
import type { ParamFlags } from "../params.ts";
import { openTasks } from "../tasks-of.ts";

export const taskSet = (): Command =>
  new Command("set")
    .description(
      "change a draft: its parameters, configuration and options; of any task its name, project, tags and comment",
    )
    .argument("<task>", "the task's id, or the beginning of it")
    .option("--params <json>", "parameters, besides those that it has, as one JSON object, or @FILE", undefined)
    .option("--param <name=value>", "one of them; the value is JSON, else text", collect)
    .option("--replace", "the given parameters are all that it has")
    .option(
      "--config <name=value>",
      "a configuration object: JSON, else text, or @FILE; nothing takes it away",
      collect,
    )
    .option("--name <name>")
    .option("--project <project>", "where it belongs", project)
    .option("--tag <tag>", "adds a tag; may be given several times", collect)
    .option("--untag <tag>", "takes a tag away; may be given several times", collect)
    .option("--comment <text>")
    .addOption(new Option("--type <type>").choices(taskTypes))
    .option("--queue <queue>", "where it is enqueued")
    .option(
      "--priority <n>",
      "higher goes first within its queue",
      ruled("--priority", (n) => checkPriority(Number(n))),
    )
    .option(
      "--retry <n>",
      "further attempts after a failure",
      ruled("--retry", (n) => retryPolicy(Number(n)).limit),
    )
    .option("--time-limit <duration>", "of one attempt, such as 5m", ruled("--time-limit", durationMs))
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  reprise task set m1x7k2 --param rate=0.1 --tag slow\n  reprise task set m1x7k2 --config net=@net.json --queue gpu",
    )
    .action(exiting(setTask));

type Flags = ParamFlags & {
  replace?: boolean;
  config?: string[];
  tag?: string[];
  untag?: string[];
  name?: string;
  project?: string;
  comment?: string;
  type?: TaskType;
  queue?: string;
  priority?: number;
  retry?: number;
  timeLimit?: number;
  json?: boolean;
};

async function setTask(id: string, flags: Flags, command: Command): Promise<number> {
  const { json, replace, config = [], tag = [], untag = [], params, param, ...edit } = flags;
  const parameters = readParameters({ ...(params !== undefined && { params }), ...(param && { param }) });
  const configuration = config.map(readConfiguration);
  const isNothing = [config, tag, untag, Object.keys(edit)].every(({ length }) => length === 0);
  if (parameters === undefined && isNothing)
    throw new UsageError("it is not said what to set", "Give --param, --config, --tag, --name or --queue, say.");
  await using tasks = await openTasks(command);
  const task = await tasks.find(id);
  if (parameters) await (replace ? task.setParameters(parameters) : task.updateParameters(parameters));
  for (const [name, value] of configuration) await task.setConfiguration(name, value);
  await note(task, edit, tag, untag);
  if (json) printJson({ ...task.record, parameters: task.parameters });
  else printLines([`${task.id} (${task.name}) is set`]);
  return exitCodes.completed;
}

async function note(task: TaskHandle, edit: TaskEdit, tag: string[], untag: string[]): Promise<void> {
  const tags = tag.length + untag.length > 0 && [...task.tags, ...tag].filter((one) => !untag.includes(one));
  if (tags || Object.keys(edit).length > 0) await task.edit({ ...edit, ...(tags && { tags }) });
}

/** `net=@net.json`, `net={"layers": 3}`, `net=some text`, `net=`. */
function readConfiguration(text: string): [name: string, value: Json] {
  const [, name, given] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || given === undefined)
    throw new UsageError(
      `--config ${text} has no value`,
      `Write --config ${text || "name"}=VALUE, or ${text || "name"}=@FILE.`,
    );
  if (given === "") return [name, null];
  const content = given.startsWith("@") ? readFile(given.slice(1)) : given;
  try {
    return [name, parseJson(content)];
  } catch {
    return [name, content];
  }
}

function readFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`the file of --config cannot be read: ${(error as Error).message}`);
  }
}
