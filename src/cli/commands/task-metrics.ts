import { Command } from "commander";
import type { Scalar, ScalarSummary } from "../../model/metric.ts";
import { nearest } from "../../model/nearest.ts";
import type { Store } from "../../runtime/ports.ts";
import { exitCodes, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { findTask, pathIn, tasksOf } from "../find.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines, screenOf } from "../output.ts";
import { averaged, sparkline } from "../view/sparkline.ts";
import { type Column, table } from "../view/table.ts";
import { formatNumber } from "../view/text.ts";
import { whole } from "../whole.ts";

export const taskMetrics = (): Command =>
  new Command("metrics")
    .description("what a task measured: the last, least and greatest value of each series, and its course")
    .argument("<task>", "the id of a task or a run, or the beginning of it")
    .option("--series <title/series>", "only that series, with its points")
    .option(
      "--points <n>",
      "about so many points of a series, with its spikes; default 20, with --json all",
      whole("--points"),
    )
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  reprise task metrics m1x7k2\n  reprise task metrics m1x7k2/fit --series loss/train --points 100",
    )
    .action(exiting(showMetrics));

type Flags = { series?: string; points?: number; json?: boolean };
type Row = ScalarSummary & { path: string; course: Scalar[] };

/** Of each series, so many points are looked at for its course, and it is so wide. */
const coursePoints = 200;
const courseWidth = 16;
/** The courses of more series are not looked at. */
const shownCourses = 200;

async function showMetrics(id: string, { series, points, json }: Flags, command: Command): Promise<number> {
  await using store = await existingStore(command);
  const found = await findTask(store, id);
  const tasks = await tasksOf(store, found);
  const summaries = await Promise.all(
    tasks.map(async (task) =>
      (await store.metrics.summaries(task.id)).map((each) => ({ ...each, path: pathIn(found.id, task) })),
    ),
  );
  const all = summaries.flat();
  const chosen = series === undefined ? all : only(all, series, found.id);
  const read = (row: ScalarSummary, points?: number) =>
    store.metrics.read(row.task, row.title, row.series, points === undefined ? {} : { points });
  if (json)
    printJson(await Promise.all(chosen.map((row) => asJson(row, series === undefined ? undefined : read, points))));
  else if (chosen.length === 0) process.stderr.write("no metrics\n");
  else {
    const courses = await Promise.all(
      chosen.map((row, i) => (row.count > 1 && i < shownCourses ? read(row, coursePoints) : [])),
    );
    printLines(
      summaryTable(
        chosen.map((row, i) => ({ ...row, course: courses[i]! })),
        tasks.length > 1,
      ),
    );
    if (series !== undefined) for (const row of chosen) printLines(["", ...pointTable(await read(row, points ?? 20))]);
  }
  return exitCodes.completed;
}

const nameOf = ({ title, series }: ScalarSummary): string => `${title}/${series}`;

function only<Summary extends ScalarSummary>(all: Summary[], name: string, task: string): Summary[] {
  const found = all.filter((row) => nameOf(row) === name);
  if (found.length > 0) return found;
  const names = new Set(all.map(nameOf));
  const meant = nearest(name, names);
  const remedy = names.size === 0 ? "It has none at all." : `It has ${[...names].slice(0, 8).join(", ")}.`;
  throw new UsageError(`${task} has no series "${name}"`, meant ? `Is it ${meant}?` : remedy);
}

type Read = (row: ScalarSummary, points?: number) => ReturnType<Store["metrics"]["read"]>;

async function asJson(
  { path: _, ...summary }: ScalarSummary & { path: string },
  read: Read | undefined,
  points?: number,
) {
  if (read === undefined) return summary;
  const course = await read(summary, points);
  return { ...summary, points: course.map(({ attempt, iteration, value, at }) => ({ attempt, iteration, value, at })) };
}

function summaryTable(rows: Row[], many: boolean): string[] {
  const { width, style } = screenOf(process.stdout);
  const number = (of: (row: Row) => number) => ({ cell: (row: Row) => formatNumber(of(row)), align: "right" as const });
  const columns: Column<Row>[] = [
    ...(many ? [{ title: "task", cell: ({ path }: Row) => path, least: 8 }] : []),
    { title: "title", cell: ({ title }) => title, least: 6 },
    { title: "series", cell: ({ series }) => series, least: 6 },
    { title: "last", ...number(({ last }) => last) },
    { title: "min", ...number(({ min }) => min) },
    { title: "max", ...number(({ max }) => max) },
    { title: "iteration", ...number(({ lastIteration }) => lastIteration) },
    { title: "points", ...number(({ count }) => count) },
    ...(rows.some(({ course }) => course.length > 1) ? [course] : []),
  ];
  const [head, ...body] = table(rows, columns, width);
  return [style.dim(head!), ...body];
}

/** Of the attempt that counts. */
const course: Column<Row> = {
  title: "course",
  cell: ({ course }) => {
    const latest = Math.max(...course.map(({ attempt }) => attempt));
    const values = course.filter(({ attempt }) => attempt === latest).map(({ value }) => value);
    return values.length > 1 ? sparkline(averaged(values, courseWidth)) : "";
  },
  least: 4,
};

function pointTable(points: Scalar[]): string[] {
  const { width, style } = screenOf(process.stdout);
  const [head, ...body] = table(
    points,
    [
      { title: "iteration", cell: ({ iteration }) => formatNumber(iteration), align: "right" },
      { title: "value", cell: ({ value }) => formatNumber(value), align: "right" },
      ...(points.some(({ attempt }) => attempt > 1)
        ? [{ title: "attempt", cell: ({ attempt }: Scalar) => String(attempt), align: "right" as const }]
        : []),
    ],
    width,
  );
  return [style.dim(head!), ...body];
}
