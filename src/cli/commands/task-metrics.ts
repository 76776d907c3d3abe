import { Command } from "commander";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { findTask, pathIn, tasksOf } from "../find.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines, screenOf } from "../output.ts";
import { table } from "../view/table.ts";
import { formatNumber } from "../view/text.ts";

export const taskMetrics = (): Command =>
  new Command("metrics")
    .description("what a task measured: the last, least and greatest value of each series")
    .argument("<task>", "the id of a task or a run, or the beginning of it")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExample:\n  reprise task metrics m1x7k2")
    .action(exiting(showMetrics));

async function showMetrics(id: string, { json }: { json?: boolean }, command: Command): Promise<number> {
  await using store = await existingStore(command);
  const found = await findTask(store, id);
  const tasks = await tasksOf(store, found);
  const series = await Promise.all(
    tasks.map(async (task) =>
      (await store.metrics.summaries(task.id)).map((summary) => ({ ...summary, path: pathIn(found.id, task) })),
    ),
  );
  const rows = series.flat();
  const { width, style } = screenOf(process.stdout);
  const number = (of: (row: (typeof rows)[number]) => number) => ({
    cell: (row: (typeof rows)[number]) => formatNumber(of(row)),
    align: "right" as const,
  });
  if (json) printJson(rows.map(({ path: _, ...summary }) => summary));
  else if (rows.length === 0) process.stderr.write("no metrics\n");
  else {
    const [head, ...body] = table(
      rows,
      [
        ...(tasks.length > 1 ? [{ title: "task", cell: ({ path }: (typeof rows)[number]) => path, least: 8 }] : []),
        { title: "title", cell: ({ title }) => title, least: 6 },
        { title: "series", cell: ({ series }) => series, least: 6 },
        { title: "last", ...number(({ last }) => last) },
        { title: "min", ...number(({ min }) => min) },
        { title: "max", ...number(({ max }) => max) },
        { title: "iteration", ...number(({ lastIteration }) => lastIteration) },
        { title: "points", ...number(({ count }) => count) },
      ],
      width,
    );
    printLines([style.dim(head!), ...body]);
  }
  return exitCodes.completed;
}
