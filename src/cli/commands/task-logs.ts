import { Command, Option } from "commander";
import { fitsRange, type KeptLine, type LogLevel, type LogRange, logLevels } from "../../model/log.ts";
import { ended, type Task } from "../../model/task.ts";
import type { Store } from "../../runtime/ports.ts";
import { exitCodes, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { findTask, tasksOf } from "../find.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines, screenOf } from "../output.ts";
import { logLine } from "../view/log-line.ts";
import { plural } from "../view/text.ts";
import { whole } from "../whole.ts";

export const taskLogs = (): Command =>
  new Command("logs")
    .description("what a task printed; of a run, what all of its steps printed, in order of time")
    .argument("<task>", "the id of a task or a run, or the beginning of it")
    .option("--tail <n>", "only the last lines", whole("--tail"))
    .option("--search <text>", "only lines that hold this text, in capitals or not")
    .addOption(new Option("--level <level>", "only lines of this level, or a graver one").choices(logLevels))
    .option("-f, --follow", "then what it prints, until it ends")
    .option("--json", "as JSON; with --follow, a line for each")
    .addHelpText(
      "after",
      "\nExamples:\n  reprise task logs m1x7k2 --tail 50 --follow\n  reprise task logs 'm1x7k2/loop1[3]/fit' --level warn",
    )
    .action(exiting(showLogs));

type Flags = { tail?: number; search?: string; level?: LogLevel; follow?: boolean; json?: boolean };

async function showLogs(id: string, { follow, ...flags }: Flags, command: Command): Promise<number> {
  await using store = await existingStore(command);
  const task = await findTask(store, id);
  if (follow) await followed(store, task, flags);
  else await printed(store, task, flags);
  return exitCodes.completed;
}

const rangeOf = ({ search, level }: Flags): LogRange => ({
  ...(search !== undefined && { search }),
  ...(level !== undefined && { level }),
});

async function printed(store: Store, task: Task, flags: Flags): Promise<void> {
  const { tail, json } = flags;
  const tasks = await tasksOf(store, task);
  const range = { ...rangeOf(flags), ...(tail !== undefined && { last: tail }) };
  const lines = (await Promise.all(tasks.map(({ id }) => store.logs.read(id, range)))).flat();
  if (tasks.length > 1) lines.sort((a, b) => a.at - b.at);
  const shown = tail === undefined ? lines : lines.slice(-tail);
  if (json) printJson(shown);
  else printLines(rows(shown, task, tasks.length > 1, new Map()));
}

/** How long nothing may come after the end, until all has come. Milliseconds. */
const quietMs = 300;

async function followed(store: Store, task: Task, flags: Flags): Promise<void> {
  const { tail, json } = flags;
  if (flags.search !== undefined && tail !== undefined)
    throw new UsageError("--follow with --tail shows the last lines as they are: leave out --search");
  const range = rangeOf(flags);
  const over = Promise.withResolvers<void>();
  let quiet: NodeJS.Timeout | undefined;
  const wait = () => {
    clearTimeout(quiet);
    quiet = setTimeout(over.resolve, quietMs);
  };
  const numbers = new Map<string, number>();
  const hear = (lines: KeptLine[]) => {
    if (quiet !== undefined) wait();
    const fitting = lines.filter((line) => fitsRange(line, range));
    if (json) printLines(fitting.map((line) => JSON.stringify(line)));
    else printLines(rows(fitting, task, task.code.kind === "controller", numbers));
  };
  const stopLogs = store.logs.follow(task.id, hear, tail === undefined ? {} : { last: tail });
  const stopEvents = store.events.follow(task.id, 0, (events) => {
    const isOver = events.some(
      (event) => event.task === task.id && ["completed", "failed", "aborted"].includes(event.kind),
    );
    if (isOver)
      void store.tasks.get(task.id).then((now) => (now === undefined || ended(now.status)) && wait(), over.reject);
  });
  // Whoever follows does not keep the process alive.
  const alive = setInterval(() => {}, 1_000_000);
  await over.promise.finally(() => {
    clearInterval(alive);
    stopLogs();
    stopEvents();
  });
}

/** Lines that were dropped, as there were too many, leave a word in their place. `numbers`: the last line that was seen of each task. */
function rows(lines: KeptLine[], task: Task, titled: boolean, numbers: Map<string, number>): string[] {
  const screen = screenOf(process.stdout);
  return lines.flatMap((line) => {
    const last = numbers.get(line.task);
    numbers.set(line.task, line.number);
    const dropped = last === undefined || line.number - last < 1_000 ? 0 : line.number - last - 1;
    const title = titled ? line.task.slice(task.id.length + 1) : "";
    const gap = dropped > 0 ? [screen.style.dim(`… ${plural(dropped, "line")} dropped …`)] : [];
    return [...gap, logLine(line, title, screen)];
  });
}
