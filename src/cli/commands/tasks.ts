import { Command, Option } from "commander";
import { formatDuration } from "../../model/duration.ts";
import { type Task, taskStatuses } from "../../model/task.ts";
import { taskTypes } from "../../model/task-type.ts";
import { type TaskFilter, taskOrders } from "../../runtime/ports.ts";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { findRun, findTask, pathIn } from "../find.ts";
import { collect, project } from "../flags.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines, type Screen, screenOf } from "../output.ts";
import { inStatusColor, markOf } from "../view/style.ts";
import { type Column, table } from "../view/table.ts";
import { watch, watchOption } from "../watch.ts";
import { whole } from "../whole.ts";

export const tasks = (): Command =>
  new Command("tasks")
    .description("list tasks, the newest first: runs, and the steps that they started")
    .addOption(new Option("--type <type>", "only of this type; `controller` lists runs").choices(taskTypes))
    .addOption(new Option("--status <statuses...>", "only those that have one of them").choices(taskStatuses))
    .option("--run <run>", "only those of a run, in the order in which they were started")
    .option("--project <project>", "only those of a project, and of those below it", project)
    .option("--name <name>", "only those of that name")
    .option(
      "--tag <tag>",
      "only those that have it; with a - before it, those that do not; may be given several times",
      collect,
    )
    .option("--parent <task>", "only clones of that task")
    .option("--text <text>", "only those with that text in their id, name or comment")
    .option("--archived", "only those that were put aside, which are left out otherwise")
    .addOption(
      new Option("--order <order>", "with a - before it, the greatest first (default: -created)").choices(
        taskOrders.flatMap((order) => [order, `-${order}`]),
      ),
    )
    .option("--limit <n>", "at most so many", whole("--limit"), 50)
    .option("--json", "as JSON")
    .addOption(watchOption())
    .addHelpText(
      "after",
      "\nExamples:\n  reprise tasks --type controller\n  reprise tasks --run m1x7k2 --status failed\n  reprise tasks --project vision --tag good --tag -old --order name",
    )
    .action(exiting(listTasks));

type Flags = Pick<TaskFilter, "type" | "status" | "project" | "name" | "text" | "archived" | "order"> & {
  run?: string;
  tag?: string[];
  parent?: string;
  limit: number;
  json?: boolean;
  watch?: true;
};

async function listTasks(
  { json, watch: watched, run, tag, parent, archived, ...given }: Flags,
  command: Command,
): Promise<number> {
  await using store = await existingStore(command);
  const filter: TaskFilter = {
    ...given,
    ...(tag && { tags: tag }),
    ...(parent !== undefined && { parent: (await findTask(store, parent)).id }),
    // A run is shown whole.
    ...(run === undefined ? { archived: archived ?? false } : { run: (await findRun(store, run)).id }),
  };
  const shown = (found: Task[]) => rows(found, filter.run, screenOf(process.stdout), Date.now());
  if (watched) await watch(async () => shown(await store.tasks.list(filter)));
  else {
    const found = await store.tasks.list(filter);
    if (json) printJson(found.map(facts));
    else if (found.length === 0) process.stderr.write("no tasks\n");
    else printLines(shown(found));
  }
  return exitCodes.completed;
}

/** Of one run, tasks are told apart by their paths in it, which lead through the runs that it called. */
function rows(found: Task[], run: string | undefined, { width, style }: Screen, now: number): string[] {
  const columns: Column<Task>[] = [
    { title: "status", cell: ({ status }) => status, style: (cell, { status }) => inStatusColor(cell, status, style) },
    { title: "task", cell: (task) => (run && pathIn(run, task)) || task.id, least: 32 },
    { title: "name", cell: ({ name }) => name, least: 8 },
    ...(found.some(({ project }) => project !== undefined)
      ? [{ title: "project", cell: ({ project = "" }: Task) => project, least: 8 }]
      : []),
    ...(found.some(({ options }) => options.tags !== undefined)
      ? [{ title: "tags", cell: ({ options }: Task) => options.tags?.join(" ") ?? "", least: 6, style: style.dim }]
      : []),
    ...(width < 100 ? [] : [{ title: "type", cell: ({ options }: Task) => options.type, style: style.dim }]),
    ...(found.some(({ attempt }) => attempt > 1) ? [tries] : []),
    { title: "took", cell: (task) => took(task, now), align: "right" },
    { title: "made", cell: ({ createdAt }) => ago(now - createdAt), align: "right", style: style.dim },
  ];
  const [head, ...body] = table(found, columns, width - 2);
  return [style.dim(`  ${head}`), ...body.map((line, i) => `${markOf(found[i]!.status, style)} ${line}`)];
}

const tries: Column<Task> = {
  title: "tries",
  cell: ({ attempt }) => (attempt > 1 ? String(attempt) : ""),
  align: "right",
};

const took = ({ startedAt, endedAt }: Task, now: number): string =>
  startedAt === undefined ? "" : formatDuration((endedAt ?? now) - startedAt);

const ago = (ms: number): string => (ms < 10_000 ? "just now" : `${formatDuration(ms)} ago`);

/** What of a task is the same on every store; values and code are shown by `task show`. */
function facts({ id, name, run, path, parent, status, options, attempt, progress, failure, ...times }: Task): object {
  const { createdAt, queuedAt, startedAt, endedAt } = times;
  const error = failure && { name: failure.name, message: failure.message };
  return {
    id,
    name,
    status,
    run,
    path,
    parent,
    ...options,
    attempt,
    progress,
    error,
    createdAt,
    queuedAt,
    startedAt,
    endedAt,
  };
}
