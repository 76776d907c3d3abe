import { Command, Option } from "commander";
import { durationMs } from "../../model/duration.ts";
import { checkPriority } from "../../model/options.ts";
import type { Resources } from "../../model/resources.ts";
import { retryPolicy } from "../../model/retry.ts";
import { type TaskType, taskTypes } from "../../model/task-type.ts";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { collect, project, readParameters, ruled } from "../flags.ts";
import { printJson, printLines } from "../output.ts";
import type { ParamFlags } from "../params.ts";
import { readResources } from "../resources.ts";
import { openTasks } from "../tasks-of.ts";

export const taskCreate = (): Command =>
  new Command("create")
    .description("register a script as a draft, without running it: to be cloned, edited, enqueued")
    .requiredOption("--script <file>", "the TypeScript file")
    .option("--id <id>", "default: a new one")
    .option("--name <name>", "default: the file")
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
    .option("--params <json>", "parameters in place of the script's defaults, as one JSON object, or @FILE")
    .option("--param <name=value>", "one of them; the value is JSON, else text", collect)
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  reprise task create --project examples --name 'train template' --script train.ts",
    )
    .action(exiting(createTask));

type Flags = ParamFlags & {
  script: string;
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

async function createTask({ json, params, param, tag, secret, ...flags }: Flags, command: Command): Promise<number> {
  const parameters = readParameters({ ...(params !== undefined && { params }), ...(param && { param }) });
  await using tasks = await openTasks(command, { make: true });
  const task = await tasks.host.create({
    ...flags,
    ...(tag && { tags: tag }),
    ...(secret && { secrets: secret }),
    ...(parameters && { parameters }),
  });
  if (json) printJson({ id: task.id, name: task.name, status: task.status, parameters: task.parameters });
  else printLines([`${task.id} (${task.name}) is a draft`]);
  return exitCodes.completed;
}
