/** The live tree of a run as lines: a pure picture of its state at a moment. */
import { formatDuration } from "../../model/duration.ts";
import type { RunState } from "../../runtime/controller/state.ts";
import { type Row, rowsOf } from "./rows.ts";
import { markOf, type Style, styleOf } from "./style.ts";
import { cut, padEnd, padStart, widthOf } from "./text.ts";

export type TreeOptions = {
  /** Cells of a line; no line is longer. */
  width: number;
  /** Lines of the screen: where the tree is longer, what is done is folded. */
  height?: number;
  /** Milliseconds since 1970. */
  now: number;
  color: boolean;
};

export function render(
  state: RunState,
  { width, height = Number.POSITIVE_INFINITY, now, color }: TreeOptions,
): string[] {
  const rows = fold(rowsOf(state, now), height);
  const style = styleOf(color);
  const room = Math.min(Math.max(...rows.map((row) => widthOf(labelOf(row)))), Math.floor(width * 0.5));
  return rows.map((row) => line(row, room, { width, now, style }));
}

/** Rows that are done give way first, from the top; then whatever stands highest. The run's own row stays. */
function fold([head, ...rows]: Row[], height: number): Row[] {
  const over = rows.length + 1 - height;
  if (over <= 0) return [head!, ...rows];
  const hidden = new Set<Row>();
  const isDone = ({ status }: Row) => status === "completed" || quiet.has(status);
  for (const row of [...rows.filter(isDone), ...rows.filter((row) => !isDone(row))])
    if (hidden.size < over + 1) hidden.add(row);
  const note: Row = { depth: 1, status: "folded", label: `${hidden.size} lines more`, detail: "" };
  return [head!, note, ...rows.filter((row) => !hidden.has(row))];
}

/** What people need not look at. */
const quiet: ReadonlySet<Row["status"]> = new Set(["folded", "decided", "skipped"]);

const timeWidth = 8;
const barWidth = 10;

function line(row: Row, room: number, { width, now, style }: { width: number; now: number; style: Style }): string {
  const label = cut(labelOf(row), room);
  const time = row.ms === undefined ? "" : formatDuration(row.ms);
  const detail = [row.progress === undefined ? "" : bar(row.progress), row.detail].filter(Boolean).join("  ");
  const start = `${padEnd(label, room)} ${padStart(time, timeWidth)}`;
  const rest = cut(detail, width - widthOf(start) - 2);
  return `${paintLabel(padEnd(label, room), row, now, style)} ${style.dim(padStart(time, timeWidth))}  ${
    row.bad ? style.red(rest) : style.dim(rest)
  }`.trimEnd();
}

const indentOf = ({ depth }: Row): string => "  ".repeat(depth);

/** Without color; its mark is one cell. */
const labelOf = (row: Row): string => `${indentOf(row)}· ${row.label}${row.also ? ` ${row.also}` : ""}`;

function paintLabel(label: string, row: Row, now: number, style: Style): string {
  const indent = indentOf(row);
  const text = label.slice(indent.length + 2);
  const main = text.slice(0, row.label.length);
  const also = text.slice(row.label.length);
  const name = row.depth === 0 ? style.bold(main) : quiet.has(row.status) ? style.dim(main) : main;
  return `${indent}${mark(row, now, style)} ${name}${style.dim(also)}`;
}

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

function mark({ status }: Row, now: number, style: Style): string {
  if (status === "folded") return style.dim("⋮");
  if (status === "decided") return style.dim("◇");
  if (status === "skipped") return style.dim("⊘");
  if (status !== "running") return markOf(status, style);
  return style.cyan(spinner[Math.floor(now / 80) % spinner.length]!);
}

function bar(progress: number): string {
  const full = Math.round(Math.min(1, Math.max(0, progress)) * barWidth);
  return `${"█".repeat(full)}${"░".repeat(barWidth - full)} ${Math.round(progress * 100)} %`;
}
