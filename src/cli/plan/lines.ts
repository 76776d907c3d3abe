/** A plan for people: sections, the steps as a tree with the words of the graph. */
import type { CacheOutcome } from "../../model/cache.ts";
import { formatDuration } from "../../model/duration.ts";
import type { TaskOptions } from "../../model/options.ts";
import { resourcesText } from "../../model/resources.ts";
import type { Screen } from "../output.ts";
import { shortText } from "../short-text.ts";
import { table } from "../view/table.ts";
import { cut, padEnd, plural, widthOf } from "../view/text.ts";
import type { Plan, PlannedPart, PlannedQueue } from "./plan.ts";

export function planLines(plan: Plan, screen: Screen): string[] {
  const { pipeline, params, steps, queues, problems, notes } = plan;
  const { style, width } = screen;
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ["", style.bold(title), ...lines.map((line) => `  ${line}`)];
  const rows = stepRows(steps);
  const room = Math.min(
    Math.max(0, ...rows.map(({ label, facts }) => (facts.length > 0 ? widthOf(label) : 0))),
    Math.floor(width * 0.5),
  );
  return [
    style.bold(pipeline),
    ...section("Params", withoutHead(table(params, paramColumns, width - 2))),
    ...section(
      "Steps",
      rows.flatMap((row) => stepLines(row, room, screen)),
    ),
    ...section("Queues", withoutHead(table(queues, queueColumns, width - 2))),
    ...section(
      "Notes",
      notes.flatMap((note) => wrap(note.split(" "), " ", width - 2)),
    ),
    ...section("It would fail", problems.flatMap((problem) => wrap(problem.split(" "), " ", width - 2)).map(style.red)),
  ];
}

const withoutHead = ([, ...rows]: string[]): string[] => rows;

const paramColumns = [
  { title: "", cell: ({ name }: Plan["params"][number]) => name },
  { title: "", cell: ({ type }: Plan["params"][number]) => type, least: 8 },
  { title: "", cell: (param: Plan["params"][number]) => ("value" in param ? shortText(param.value) : ""), least: 8 },
  { title: "", cell: ({ from }: Plan["params"][number]) => from },
];

const queueColumns = [
  { title: "", cell: ({ name }: PlannedQueue) => name },
  { title: "", cell: servedText, least: 20 },
];

function servedText({ agents, waiting, running, paused }: PlannedQueue): string {
  const served = agents > 0 ? plural(agents, "agent") : "no living agent: a run here brings its own";
  const load = waiting + running > 0 ? [`${waiting} waiting, ${running} running`] : [];
  return [paused ? "paused: nothing is claimed" : served, ...load].join(" · ");
}

type StepRow = { label: string; facts: string[] };

const marks: Record<PlannedPart["kind"], string> = {
  input: "·",
  step: "○",
  wait: "○",
  decision: "◇",
  exit: "·",
  group: "●",
};

/** Params have a section of their own. */
const stepRows = (parts: readonly PlannedPart[], indent = ""): StepRow[] =>
  parts
    .filter(({ kind }) => kind !== "input")
    .flatMap((part) => [
      { label: `${indent}${marks[part.kind]} ${part.label}`, facts: factsOf(part) },
      ...stepRows(part.parts ?? [], `${indent}  `),
    ]);

function stepLines({ label, facts }: StepRow, room: number, { width, style }: Screen): string[] {
  if (facts.length === 0) return [cut(label, width - 2)];
  const [first = "", ...more] = wrap(facts, " · ", width - 2 - room - 2);
  const indent = " ".repeat(room + 2);
  return [
    `${padEnd(cut(label, room), room)}  ${style.dim(first)}`.trimEnd(),
    ...more.map((line) => indent + style.dim(line)),
  ];
}

function factsOf({ options, cache, parts }: PlannedPart): string[] {
  if (options === undefined) return [];
  return [
    ...(options.queue === undefined ? [] : [options.queue]),
    ...optionTexts(options),
    ...(parts ? [] : cacheTexts(cache)),
  ];
}

const optionTexts = ({ retry, timeLimitMs, priority, concurrency, rate, resources, secrets }: Partial<TaskOptions>) => [
  ...(retry ? [`up to ${plural(retry.limit + 1, "attempt")}`] : []),
  ...(timeLimitMs === undefined ? [] : [`at most ${formatDuration(timeLimitMs)}`]),
  ...(priority === undefined ? [] : [`priority ${priority}`]),
  ...(concurrency ? [`at most ${concurrency.limit} at once${concurrency.key ? ` (${concurrency.key})` : ""}`] : []),
  ...(rate ? [`at most ${plural(rate.count, "start")} in ${formatDuration(rate.perMs)}`] : []),
  ...(resources ? [`needs ${resourcesText(resources)}`] : []),
  ...(secrets?.length ? [`secret ${secrets.join(", ")}`] : []),
];

/** What is alike is said once. */
function cacheTexts(cache: PlannedPart["cache"]): string[] {
  if (cache === undefined) return [];
  if (cache.length === 0) return ["cache: known when its input is"];
  if (cache.length === 1) return [`cache: ${outcomeText(cache[0]!.outcome)}`];
  const counts = Map.groupBy(cache, ({ outcome }) => outcomeText(outcome, true));
  return [`cache: ${[...counts].map(([text, { length }]) => `${length} × ${text}`).join(", ")}`];
}

function outcomeText(outcome: CacheOutcome, isOneOfMany = false): string {
  if (outcome.outcome === "hit") return isOneOfMany ? "hit" : `hit, from ${outcome.from}`;
  switch (outcome.reason) {
    case "first":
      return "miss, no completed task of it was kept";
    case "refresh":
      return "miss, as --refresh asks";
    case "expired":
      return `miss, ${isOneOfMany ? "the earlier one" : outcome.nearest} is too old`;
    case "changed":
      return `miss, another ${outcome.differs.join(" and ")}${isOneOfMany ? "" : ` than ${outcome.nearest}`}`;
  }
}

/** As many parts on a line as fit. */
function wrap(parts: readonly string[], between: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length === 0 ? part : `${lines.at(-1)}${between}${part}`;
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}
