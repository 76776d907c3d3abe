/** What stands beside a row's name: for what it waits, what it has come to, what it has measured. */
import { resourcesText } from "../../model/resources.ts";
import type { TaskStatus } from "../../model/task.ts";
import type { Counts, RegionState, TaskState } from "../../runtime/controller/state.ts";
import type { WaitState } from "../../runtime/controller/waiting.ts";
import { quoted } from "../typing.ts";
import { formatNumber, formatTime, oneLine, plural } from "./text.ts";

/** `sleeping until 14:30:05`, `waiting for signal approved: reprise signal m1x7k2 approved · until 14:30:05`. */
export function waitText({ run, signal, until }: Pick<WaitState, "run" | "signal" | "until">, now: number): string {
  const end = until === undefined ? "" : `until ${formatTime(until, now)}`;
  if (signal === undefined) return `sleeping ${end}`;
  const how = `waiting for signal ${signal}: reprise signal ${quoted(run)} ${quoted(signal)}`;
  return end ? `${how} · ${end}` : how;
}

/** `no agent of the queue default has gpu 4 to give: start one with --resources`. */
export function unservedText({ queue, resources }: NonNullable<TaskState["unserved"]>): string {
  return resources
    ? `no agent of the queue ${queue} has ${resourcesText(resources)} to give: start one with --resources`
    : `no agent serves the queue ${queue}`;
}

/** `installing 2 packages: canvas@3.1.0, sharp@0.34.5`. */
export const installingText = (packages: readonly string[]): string =>
  `installing ${plural(packages.length, "package")}: ${packages.join(", ")}`;

const shownScalars = 3;

/** The latest values first, as the end of a line may be cut: `accuracy validation 0.97, training 0.98 · loss 0.1`. */
export function scalarsText(tasks: TaskState[]): string {
  const latest = Object.values(Object.assign({}, ...tasks.map((task) => task.scalars)) as TaskState["scalars"]);
  const byTitle = Map.groupBy(latest.reverse().slice(0, shownScalars), ({ title }) => title);
  const one = ({ title, series, value }: TaskState["scalars"][string]) =>
    `${title === series ? "" : `${series} `}${formatNumber(value)}`;
  return [...byTitle].map(([title, scalars]) => `${title} ${scalars.map(one).join(", ")}`).join(" · ");
}

const words: [TaskStatus, string][] = [
  ["completed", "done"],
  ["running", "running"],
  ["queued", "waiting"],
  ["failed", "failed"],
  ["aborted", "aborted"],
];

/** `12 done, 2 running, 1 failed`. */
export function countsText(counts: Counts): string {
  return words
    .filter(([status]) => counts[status] > 0)
    .map(([status, word]) => `${counts[status]} ${word}`)
    .join(", ");
}

export const failedText = ({ failed }: Counts): string => (failed > 0 ? ` · ${failed} failed` : "");

/** Of a turn that has measured nothing, and perhaps started nothing. */
export const decidedText = ({ decisions }: RegionState): string => oneLine(decisions?.at(-1)?.explanation ?? "");
