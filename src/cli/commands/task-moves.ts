/** What moves a task on, or puts it away: a command for each. */
import { Command } from "commander";
import type { TaskHandle } from "../../model/task-handle.ts";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { printJson, printLines } from "../output.ts";
import { type OpenTasks, openTasks } from "../tasks-of.ts";
import { warnUnserved } from "../warn-unserved.ts";

type Flags = { json?: boolean; queue?: string; reason?: string; undo?: boolean };

/** Gives what is said then. */
type Does = (task: TaskHandle, flags: Flags, tasks: OpenTasks) => Promise<string>;

const move = (name: string, description: string, does: Does): Command =>
  new Command(name)
    .description(description)
    .argument("<tasks...>", "their ids, or the beginnings of them")
    .option("--json", "as JSON")
    .addHelpText("after", `\nExample:\n  reprise task ${name} m1x7k2`)
    .action(
      exiting(async (ids: string[], flags: Flags, command: Command) => {
        await using tasks = await openTasks(command);
        const handles = await Promise.all(ids.map((id) => tasks.find(id)));
        for (const task of handles) {
          const said = await does(task, flags, tasks);
          if (!flags.json) printLines([`${task.id} (${task.name}) ${said}`]);
          if (task.unserved) await warnUnserved(task.record);
        }
        if (flags.json) printJson(handles.map(({ id, name, status, unserved }) => ({ id, name, status, unserved })));
        return exitCodes.completed;
      }),
    );

export const taskMoves = (): Command[] => [
  move("enqueue", "let drafts, and tasks that failed or were aborted, wait for an agent", async (task, { queue }) => {
    await task.enqueue(queue === undefined ? {} : { queue });
    return `waits in the queue "${task.record.options.queue}"`;
  }).option("--queue <queue>", "default: the task's own"),
  move("dequeue", "take tasks out of their queue: they are drafts again", async (task) => {
    await task.dequeue();
    return "is a draft";
  }),
  move("abort", "end tasks that wait or run, and all that runs for them", async (task, { reason }) =>
    (await task.abort(reason)) ? "is aborted" : `was ${task.status} already`,
  ).option("--reason <text>", "why, for whoever looks later", "aborted from the command line"),
  move("reset", "make drafts of tasks that have ended: what they made is gone", async (task) => {
    await task.reset();
    return "is a draft";
  }),
  move("delete", "delete tasks and all that ran for them", async (task) => {
    await task.delete();
    return "is deleted";
  }),
  move("publish", "make tasks that have ended read-only", async (task) => {
    await task.publish();
    return "is published";
  }),
  move("archive", "put tasks aside: lists leave them out", async (task, { undo = false }) => {
    await task.archive(!undo);
    return undo ? "is in the lists again" : "is archived";
  }).option("--undo", "put them back"),
];
