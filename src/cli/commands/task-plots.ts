import { writeFileSync } from "node:fs";
import { Command } from "commander";
import type { Figure } from "../../model/figure.ts";
import { nearest } from "../../model/nearest.ts";
import { exitCodes, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { findTask, tasksOf } from "../find.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines, screenOf } from "../output.ts";
import { table } from "../view/table.ts";
import { formatBytes, formatNumber } from "../view/text.ts";

export const taskPlots = (): Command =>
  new Command("plots")
    .description(
      "what a task drew and reported: plots, as Vega-Lite specifications, and texts; with --get, one of them",
    )
    .argument("<task>", "the id of a task or a run, or the beginning of it")
    .option("--get <title>", "the latest of this title, to stdout")
    .option("--iteration <n>", "with --get: that of this iteration", Number)
    .option("-o, --output <file>", "with --get: write it here instead")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  reprise task plots m1x7k2\n  reprise task plots m1x7k2/fit --get confusion -o confusion.vl.json",
    )
    .action(exiting(showPlots));

type Flags = { get?: string; iteration?: number; output?: string; json?: boolean };

async function showPlots(id: string, { get, iteration, output, json }: Flags, command: Command): Promise<number> {
  if (get === undefined && (output !== undefined || iteration !== undefined))
    throw new UsageError("-o and --iteration need --get TITLE, which says of what");
  await using store = await existingStore(command);
  const task = await findTask(store, id);
  const tasks = await tasksOf(store, task);
  const figures = (await Promise.all(tasks.map(({ id }) => store.figures.list(id)))).flat();
  if (get !== undefined) write(theOne(figures, get, iteration, task.id), output);
  else if (json) printJson(figures.map(asJson));
  else if (figures.length === 0) process.stderr.write("no plots\n");
  else printLines(rows(figures, task.id));
  return exitCodes.completed;
}

const asJson = ({ content, ...figure }: Figure) =>
  figure.kind === "plot" ? { ...figure, specification: JSON.parse(content) } : { ...figure, markdown: content };

function theOne(figures: Figure[], title: string, iteration: number | undefined, task: string): Figure {
  const all = figures.filter(
    (figure) => figure.title === title && (iteration === undefined || figure.iteration === iteration),
  );
  // What a run and one of its steps have is the run's own: a step is named by itself.
  const own = all.filter((figure) => figure.task === task);
  const found = own.length > 0 ? own : all;
  const owners = [...new Set(found.map((figure) => figure.task))];
  if (owners.length > 1)
    throw new UsageError(
      `${owners.length} tasks of ${task} have a plot "${title}"`,
      `Name the task: ${owners.slice(0, 5).join(", ")}`,
    );
  const latest = found.at(-1);
  if (latest !== undefined) return latest;
  const titles = new Set(figures.map((figure) => figure.title));
  const meant = nearest(title, titles);
  const remedy = titles.size === 0 ? "It has none at all." : `It has ${[...titles].slice(0, 8).join(", ")}.`;
  const which = iteration === undefined ? "" : ` of iteration ${iteration}`;
  throw new UsageError(`${task} has no plot "${title}"${which}`, meant && meant !== title ? `Is it ${meant}?` : remedy);
}

function write({ kind, content }: Figure, file: string | undefined): void {
  const text = `${kind === "plot" ? JSON.stringify(JSON.parse(content), null, 2) : content}\n`;
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}`);
  }
}

function rows(figures: Figure[], task: string): string[] {
  const { width, style } = screenOf(process.stdout);
  const [head, ...body] = table(
    figures,
    [
      { title: "title", cell: ({ title }) => title, least: 10 },
      { title: "kind", cell: ({ kind }) => kind },
      { title: "iteration", cell: ({ iteration }) => formatNumber(iteration), align: "right" },
      { title: "size", cell: ({ content }) => formatBytes(Buffer.byteLength(content)), align: "right" },
      { title: "task", cell: (figure) => figure.task.slice(task.length + 1) || figure.task, least: 8 },
    ],
    width,
  );
  return [style.dim(head!), ...body];
}
