/** What is said when a run has ended: how, with what, where it is kept, and what to try next. */
import { formatDuration } from "../../model/duration.ts";
import type { Failure } from "../../model/failure.ts";
import type { Screen } from "../output.ts";
import { pretty } from "../values.ts";
import { markOf } from "./style.ts";
import { formatBytes, padEnd, widthOf } from "./text.ts";

export type Ended = {
  id: string;
  name: string;
  status: "completed" | "failed" | "aborted";
  ms?: number;
  /** The folder of the store. */
  store: string;
  /** How many there are, in words. */
  tasks: string;
  artifacts: { name: string; bytes: number }[];
  /** What to type next, and what that does. */
  next: { command: string; does: string }[];
};

export function completedLines(run: Ended, result: unknown, screen: Screen): string[] {
  const shown = result === undefined ? [] : ["", ...pretty(result, { ...screen, width: screen.width - 1 }).split("\n")];
  return [headline(run, screen), ...shown, ...keptLines(run), ...nextLines(run, screen)];
}

export type FailureFacts = {
  failure: Failure;
  /** The author's lines around the place, where the file is there. */
  frame?: string;
  /** The last lines that the failed step printed. */
  log: string[];
  attempts: number;
};

export function failedLines(run: Ended, { failure, frame, log, attempts }: FailureFacts, screen: Screen): string[] {
  const { style } = screen;
  const [first = "", ...more] = `${failure.name}: ${failure.message}`.split("\n");
  const tried = attempts > 1 ? `, attempt ${attempts}` : "";
  return [
    headline(run, screen),
    "",
    style.red(style.bold(first)),
    ...more.map((line) => style.red(line)),
    ...causes(failure).map((cause) => style.dim(`  caused by ${cause.name}: ${cause.message}`)),
    ...(failure.step === undefined ? [] : [`  in step ${style.bold(failure.step)}${tried}`]),
    ...(failure.at === undefined ? [] : [`  at ${failure.at}`]),
    ...(frame === undefined ? [] : ["", ...frame.split("\n")]),
    ...(log.length === 0 ? [] : ["", style.dim("The last lines of its log:"), ...log.map((line) => `  ${line}`)]),
    ...keptLines(run),
    ...nextLines(run, screen),
  ];
}

export function abortedLines(run: Ended, reason: string, screen: Screen): string[] {
  return [`${headline(run, screen)}: ${reason}`, ...keptLines(run), ...nextLines(run, screen)];
}

function headline({ name, status, ms }: Ended, { style }: Screen): string {
  const when = ms === undefined ? "" : ` ${status === "completed" ? "in" : "after"} ${formatDuration(ms)}`;
  return `${markOf(status, style)} ${style.bold(name)} ${status}${when}`;
}

function keptLines({ id, store, tasks, artifacts }: Ended): string[] {
  const some = artifacts.slice(0, 3).map(({ name, bytes }) => `${name} (${formatBytes(bytes)})`);
  const more = artifacts.length > some.length ? ` and ${artifacts.length - some.length} more` : "";
  return [
    "",
    `Kept in ${store} as run ${id}: ${tasks}`,
    ...(some.length > 0 ? [`Artifacts: ${some.join(", ")}${more}`] : []),
  ];
}

/** Side by side where they fit, else one above the other: a command that is broken over two lines cannot be copied. */
function nextLines({ next }: Ended, { style, width }: Screen): string[] {
  if (next.length === 0) return [];
  const room = Math.max(...next.map(({ command }) => widthOf(command)));
  const fits = next.every(({ does }) => 2 + room + 3 + widthOf(does) <= width);
  const lines = next.flatMap(({ command, does }) =>
    fits ? [`  ${padEnd(command, room)}   ${style.dim(does)}`] : [`  ${style.dim(`${does}:`)}`, `    ${command}`],
  );
  return ["", "Next:", ...lines];
}

function causes({ cause }: Failure): Failure[] {
  return cause ? [cause, ...causes(cause)] : [];
}
