import { Command, Option } from "commander";
import { commandWords } from "../../model/command.ts";
import { durationMs } from "../../model/duration.ts";
import { checkEnv, type Env } from "../../model/environment.ts";
import { checkPriority } from "../../model/options.ts";
import type { Resources } from "../../model/resources.ts";
import { retryPolicy } from "../../model/retry.ts";
import { type TaskType, taskTypes } from "../../model/task-type.ts";
import { exitCodes, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { collect, project, readParameters, ruled } from "../flags.ts";
import { printJson, printLines } from "../output.ts";
import type { ParamFlags } from "../params.ts";
import { readResources } from "../resources.ts";
import { openTasks } from "../tasks-of.ts";

export const taskCreate = (): Command =>
  new Command("create")
    .description("register a script or a command as a draft, without running it: to be cloned, edited, enqueued")
    .option("--script <file>", "a TypeScript file that makes itself a task")
    .option(
      "--command <line>",
      "any program and its arguments, in which {rate} or --rate={rate} is that parameter; no shell reads the line",
      ruled("--command", commandWords),
    )
    .option("--folder <folder>", "what a command finds where it starts; default: the files here that it names")
    .option("--id <id>", "default: a new one")
    .option("--name <name>", "default: the file, or the program")
    .option("--project <project>", "where it belongs; projects within projects are written with slashes", project)
    .addOption(new Option("--type <type>", "what it does").choices(taskTypes))
    .option("--queue <queue>", "where it is enqueued (default: default; services for those that mostly wait)")
    .option("--tag <tag>", "may be given several times", collect)
    .option("--comment <text>", "for people")
    .option(
      "--retry <n>",
      "further attempts after a failure",
      ruled("--retry", (n) => retryPolicy(Number(n)).limit),
    )
    .option("--time-limit <duration>", "of one attempt, such as 5m", ruled("--time-limit", durationMs))
    .option(
      "--priority <n>",
      "higher goes first within its queue",
      ruled("--priority", (n) => checkPriority(Number(n))),
    )
    .option("--resources <amounts>", "what the agent must have left to give: gpu=1,mem=8G", readResources)
    .option("--secret <name>", "a variable that only the agent knows; may be given several times", collect)
    .option("--env <name=value>", "a variable of its environment; may be given several times", variable)
    .option("--params <json>", "parameters, in place of a script's defaults, as one JSON object, or @FILE")
    .option("--param <name=value>", "one of them; the value is JSON, else text", collect)
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  reprise task create --project examples --name 'train template' --script train.ts" +
        "\n  reprise task create --name fit --command 'python fit.py --rate={rate}' --param rate=0.1",
    )
    .action(exiting(createTask));

type Flags = ParamFlags & {
  script?: string;
  command?: string[];
  folder?: string;
  env?: Env;
  id?: string;
  name?: string;
  project?: string;
  type?: TaskType;
  queue?: string;
  tag?: string[];
  comment?: string;
  retry?: number;
  timeLimit?: number;
  priority?: number;
  resources?: Resources;
  secret?: string[];
  json?: boolean;
};

async function createTask(flags: Flags, command: Command): Promise<number> {
  const { json, params, param, tag, secret, script, command: run, folder, ...said } = flags;
  const parameters = readParameters({ ...(params !== undefined && { params }), ...(param && { param }) });
  const code = codeOf({ script, run, folder });
  await using tasks = await openTasks(command, { make: true });
  const task = await tasks.host.create({
    ...said,
    ...code,
    ...(tag && { tags: tag }),
    ...(secret && { secrets: secret }),
    ...(parameters && { parameters }),
  });
  if (json) printJson({ id: task.id, name: task.name, status: task.status, parameters: task.parameters });
  else printLines([`${task.id} (${task.name}) is a draft`]);
  return exitCodes.completed;
}

type Code = { script?: string | undefined; run?: string[] | undefined; folder?: string | undefined };

function codeOf({ script, run, folder }: Code) {
  if ((script === undefined) === (run === undefined))
    throw new UsageError("it is not said what the task runs", "Give either --script FILE or --command LINE.");
  if (run !== undefined) return { command: run, ...(folder !== undefined && { folder }) };
  if (folder === undefined) return { script: script! };
  throw new UsageError("--folder is for a command", "A script is bundled with all that it imports.");
}

/** `LEVEL=high`, beside those before it. */
const variable = (text: string, before: Env = {}): Env => ({ ...before, ...readVariable(text) });

const readVariable = ruled("--env", (text) => {
  const at = text.indexOf("=");
  if (at < 0) throw new RangeError(`${text} has no value: write NAME=VALUE`);
  return checkEnv({ [text.slice(0, at)]: text.slice(at + 1) });
});
