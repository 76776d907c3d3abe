import { Command } from "commander";
import { formatDuration } from "../../model/duration.ts";
import type { Position, QueueEntry, Store } from "../../runtime/ports.ts";
import { exitCodes, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { findTask } from "../find.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines, screenOf } from "../output.ts";
import { table } from "../view/table.ts";
import { plural } from "../view/text.ts";
import { watch, watchOption } from "../watch.ts";
import { whole } from "../whole.ts";

export const queue = (): Command =>
  new Command("queue")
    .description("one queue: what waits in it, moved, removed, cleared, paused")
    .addCommand(list())
    .addCommand(move())
    .addCommand(remove())
    .addCommand(clear())
    .addCommand(pause("pause", true))
    .addCommand(pause("resume", false))
    .addCommand(limit());

const list = (): Command =>
  new Command("list")
    .description("what waits in a queue, in the order in which it is claimed")
    .argument("<queue>")
    .option("--limit <n>", "at most so many", whole("--limit"), 50)
    .option("--json", "as JSON")
    .addOption(watchOption())
    .addHelpText("after", "\nExample:\n  reprise queue list gpu")
    .action(exiting(listEntries));

type ListFlags = { json?: boolean; watch?: true; limit: number };

async function listEntries(
  name: string,
  { json, watch: watched, limit }: ListFlags,
  command: Command,
): Promise<number> {
  await using store = await existingStore(command);
  const read = () => store.queue.entries(name, limit);
  if (watched) await watch(async () => rows(await read()));
  else {
    const entries = await read();
    if (json) printJson(entries);
    else if (entries.length === 0) process.stderr.write(`nothing waits in the queue ${name}\n`);
    else printLines(rows(entries));
  }
  return exitCodes.completed;
}

function rows(entries: readonly QueueEntry[]): string[] {
  const { width, style } = screenOf(process.stdout);
  const now = Date.now();
  const [head, ...body] = table(
    entries,
    [
      { title: "", cell: ({ position }) => String(position), align: "right" },
      { title: "task", cell: ({ task }) => task, least: 24 },
      { title: "name", cell: (entry) => entry.name, least: 8 },
      { title: "priority", cell: ({ priority }) => String(priority), align: "right" },
      { title: "waits", cell: ({ queuedAt }) => formatDuration(now - queuedAt), align: "right" },
      {
        title: "not before",
        cell: ({ notBefore = 0, held }) =>
          held ? "others end" : notBefore > now ? `in ${formatDuration(notBefore - now)}` : "",
      },
    ],
    width,
  );
  return [style.dim(head!), ...body];
}

const move = (): Command =>
  new Command("move")
    .description("move a task that waits to another place, to another queue, or both")
    .argument("<task>", "the task's id, or the beginning of it")
    .option("--to <place>", "front, back, or a number from 1")
    .option("--up <n>", "so many places nearer to the front", whole("--up"))
    .option("--down <n>", "so many places nearer to the back", whole("--down"))
    .option("--queue <queue>", "to that queue")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  reprise queue move m1x7k2 --to front\n  reprise queue move m1x7k2 --queue gpu",
    )
    .action(exiting(moveEntry));

type MoveFlags = { to?: string; up?: number; down?: number; queue?: string; json?: boolean };

async function moveEntry(id: string, flags: MoveFlags, command: Command): Promise<number> {
  const position = placeOf(flags);
  if (position === undefined && flags.queue === undefined)
    throw new UsageError("it is not said where to move it", "Give --to, --up, --down or --queue.");
  await using store = await existingStore(command);
  const { id: task } = await findTask(store, id);
  const entry = await store.queue.move(task, {
    ...(flags.queue !== undefined && { queue: flags.queue }),
    ...(position !== undefined && { position }),
  });
  if (flags.json) printJson(entry);
  else printLines([`${entry.task} (${entry.name}) is number ${entry.position} in the queue ${entry.queue}`]);
  return exitCodes.completed;
}

function placeOf({ to, up, down }: MoveFlags): Position | undefined {
  if ([to, up, down].filter((flag) => flag !== undefined).length > 1)
    throw new UsageError("--to, --up and --down say different places", "Give one of them.");
  if (up !== undefined) return { by: -up };
  if (down !== undefined) return { by: down };
  return to === undefined || to === "front" || to === "back" ? to : whole("--to")(to);
}

type Changed = {
  /** For people. */
  said: string;
  facts: object;
};

/** A command of one queue, or of one task in a queue. */
const change = (
  name: string,
  { description, argument, example }: { description: string; argument: string; example: string },
  does: (store: Store, given: string) => Promise<Changed>,
): Command =>
  new Command(name)
    .description(description)
    .argument(argument)
    .option("--json", "as JSON")
    .addHelpText("after", `\nExample:\n  reprise queue ${example}`)
    .action(
      exiting(async (given: string, { json }: { json?: boolean }, command: Command) => {
        await using store = await existingStore(command);
        const { said, facts } = await does(store, given);
        if (json) printJson(facts);
        else printLines([said]);
        return exitCodes.completed;
      }),
    );

const remove = (): Command =>
  change(
    "remove",
    {
      description: "take a task out of its queue: it is a draft again",
      argument: "<task>",
      example: "remove m1x7k2",
    },
    async (store, task) => {
      const { id, name, status } = await store.tasks.dequeue((await findTask(store, task)).id);
      return { said: `${id} (${name}) is a draft`, facts: { id, name, status } };
    },
  );

const clear = (): Command =>
  change(
    "clear",
    {
      description: "take everything out of a queue: what waited is a draft again",
      argument: "<queue>",
      example: "clear gpu",
    },
    async (store, queue) => {
      const tasks = await store.queue.clear(queue);
      const are = tasks.length === 1 ? "is a draft" : "are drafts";
      return {
        said: `${plural(tasks.length, "task")} waited in the queue ${queue}, and ${are} again`,
        facts: { queue, tasks },
      };
    },
  );

const pause = (name: string, paused: boolean): Command =>
  change(
    name,
    {
      description: paused
        ? "let agents claim nothing from a queue; what runs goes on"
        : "let agents claim from a queue again",
      argument: "<queue>",
      example: `${name} gpu`,
    },
    async (store, queue) => {
      await store.queue.pause(queue, paused);
      return { said: `the queue ${queue} ${paused ? "is paused" : "goes on"}`, facts: { queue, paused } };
    },
  );

const limit = (): Command =>
  new Command("limit")
    .description("at most so many of its tasks run at once, on all agents together")
    .argument("<queue>")
    .argument("<n>", "a number from 1, or none")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExamples:\n  reprise queue limit gpu 2\n  reprise queue limit gpu none")
    .action(exiting(limitQueue));

async function limitQueue(queue: string, n: string, { json }: { json?: boolean }, command: Command): Promise<number> {
  const limit = n === "none" ? undefined : whole("queue limit")(n);
  await using store = await existingStore(command);
  await store.queue.limit(queue, limit);
  if (json) printJson({ queue, limit: limit ?? null });
  else printLines([`of the queue ${queue}, ${limit === undefined ? "any number" : `at most ${limit}`} run at once`]);
  return exitCodes.completed;
}
