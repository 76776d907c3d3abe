import { Command } from "commander";
import { listArchive } from "../../artifacts/archive.ts";
import type { ArchiveEntry } from "../../model/artifact.ts";
import { cacheAgent } from "../../model/cache.ts";
import { printCommand } from "../../model/command-line.ts";
import type { ConfigurationObject } from "../../model/configuration.ts";
import { formatDuration } from "../../model/duration.ts";
import { rootOf } from "../../model/identity.ts";
import type { Rerun } from "../../model/rerun.ts";
import type { Attempt, Task } from "../../model/task.ts";
import { applyToWaiting, openWaits, type Waiting, type WaitState } from "../../runtime/controller/waiting.ts";
import type { Store } from "../../runtime/ports.ts";
import { exitCodes, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { findTask } from "../find.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines, type Screen, screenOf } from "../output.ts";
import { decisionsOf, type MadeDecision } from "../run-decisions.ts";
import { load, pretty, toJson } from "../values.ts";
import { waitText } from "../view/details.ts";
import { provenanceText } from "../view/provenance.ts";
import { inStatusColor } from "../view/style.ts";
import { cut, formatBytes, formatNumber, oneLine, padEnd, sentence } from "../view/text.ts";
import { watch, watchOption } from "../watch.ts";

export const taskShow = (): Command =>
  new Command("show")
    .description("a task's status, attempts, input and output, metrics, artifacts and error; a run's last decisions")
    .argument("<task>", "the task's id, or the beginning of it")
    .option("--json", "as JSON")
    .option("--diff", "of a run: what was changed in its sources and not committed when it was started")
    .addOption(watchOption())
    .addHelpText("after", "\nExample:\n  reprise task show 'm1x7k2/loop1[3]/fit'")
    .action(exiting(showTask));

type Flags = { json?: boolean; diff?: boolean; watch?: true };

async function showTask(id: string, { json, diff, watch: watched }: Flags, command: Command): Promise<number> {
  await using store = await existingStore(command);
  if (watched) {
    const { id: whole } = await findTask(store, id);
    await watch(async () => asLines(await read(store, await findTask(store, whole)), screenOf(process.stdout)));
    return exitCodes.completed;
  }
  const found = await read(store, await findTask(store, id));
  if (diff) {
    process.stdout.write(await diffOf(store, found));
    return exitCodes.completed;
  }
  if (json) printJson(asJson(found));
  else printLines(asLines(found, screenOf(process.stdout)));
  return exitCodes.completed;
}

type Found = Awaited<ReturnType<typeof read>>;

async function read(store: Store, task: Task) {
  const [attempts, metrics, artifacts, input, output, configuration, provenance] = await Promise.all([
    store.tasks.attempts(task.id),
    store.metrics.summaries(task.id),
    store.artifacts.list(task.id),
    load(store, task.input),
    load(store, task.output),
    store.tasks.configuration(task.id),
    // What a run called was started with it.
    store.provenance.of(rootOf(task.id)),
  ]);
  return {
    task,
    attempts,
    metrics,
    artifacts,
    input,
    output,
    configuration,
    ...(provenance && task.code.kind === "controller" && { provenance }),
    ...(await filesOf(store, task)),
    ...(await waitsOf(store, task)),
    ...(await latestDecisions(store, task)),
  };
}

async function diffOf({ blobs }: Store, { task, provenance }: Found): Promise<string> {
  const diff = provenance?.git?.diff;
  if (diff === undefined) throw new UsageError(`of ${task.id} no changes are known that were not committed`);
  return "text" in diff.content ? diff.content.text : (await blobs.get(diff.content.blob)).toString("utf8");
}

/** What a command finds where it starts. */
async function filesOf({ blobs }: Store, { code }: Task): Promise<{ files?: ArchiveEntry[] }> {
  if (code.kind !== "command" || code.files === undefined) return {};
  return { files: await listArchive(await blobs.file(code.files)) };
}

/** What a run waits for besides its steps. */
async function waitsOf({ events }: Store, { id, code, status }: Task): Promise<{ waits?: WaitState[] }> {
  if (code.kind !== "controller" || status !== "running") return {};
  const waiting: Waiting = {};
  for (const event of await events.read(id, 0)) applyToWaiting(waiting, event);
  return { waits: openWaits(waiting) };
}

/** So many are shown. */
const shownDecisions = 10;

/** Which way a run went and why, the latest last: its own decisions, and those of the runs that it called. */
async function latestDecisions(store: Store, { id, code }: Task): Promise<{ decisions?: Shown[] }> {
  if (code.kind !== "controller") return {};
  let decisions: Shown[] = [];
  for await (const page of decisionsOf(store, id)) {
    const shown = page.map(({ at, path, explanation }) => ({ at, path, explanation }));
    decisions = [...decisions, ...shown].slice(-shownDecisions);
  }
  return { decisions };
}

type Shown = Pick<MadeDecision, "at" | "path" | "explanation">;

function asJson({ task, input, output, ...others }: Found): object {
  return {
    ...task,
    ...(task.input && { input: toJson(input) }),
    ...(task.output && { output: toJson(output) }),
    ...others,
  };
}

function asLines(
  {
    task,
    attempts,
    metrics,
    artifacts,
    input,
    output,
    configuration,
    provenance,
    files,
    waits = [],
    decisions = [],
  }: Found,
  { width, color, style }: Screen,
): string[] {
  const { options, failure } = task;
  const room = { width: width - labelWidth, color, lines: 12 };
  return [
    style.bold(task.id),
    ...fact("name", task.name),
    ...fact("project", task.project),
    ...fact("status", inStatusColor(task.status, task.status, style) + flagsOf(task)),
    ...fact("type", options.type),
    ...fact("command", task.code.kind === "command" ? printCommand(task.code.run) : undefined),
    ...fact("files", files && filesLine(files)),
    ...fact("queue", options.queue),
    ...fact("tags", options.tags?.join(", ")),
    ...fact("comment", task.comment),
    ...fact("parent", task.parent),
    ...fact("again", options.rerun && rerunText(options.rerun)),
    ...fact("from", provenance && provenanceText(provenance)),
    ...fact("progress", task.progress === undefined ? undefined : `${Math.round(task.progress * 100)} %`),
    ...fact("error", failure && style.red(sentence(failure))),
    ...fact("at", failure?.at),
    ...fact("waits", waits.map((wait) => `${wait.path}: ${waitText(wait, Date.now())}`).join("\n")),
    ...fact("decisions", decisions.map(({ path, explanation }) => `${path}: ${oneLine(explanation)}`).join("\n")),
    ...fact("attempts", attempts.map(attemptLine).join("\n")),
    ...fact("input", task.input && pretty(input, room)),
    ...fact("configs", configuration.map((object) => configurationLine(object)).join("\n")),
    ...fact("output", task.output && pretty(output, room)),
    ...fact("metrics", metrics.map(({ title, series, last }) => `${title}/${series} ${formatNumber(last)}`).join("\n")),
    ...fact(
      "artifacts",
      artifacts.map(({ name, bytes, type }) => `${name} (${type}, ${formatBytes(bytes)})`).join("\n"),
    ),
  ];
}

const labelWidth = 12;

/** A label and its text, the text's further lines below each other; nothing where there is no text. */
function fact(label: string, text: string | undefined): string[] {
  if (!text) return [];
  return text.split("\n").map((line, i) => `${padEnd(i === 0 ? `  ${label}` : "", labelWidth)}${line}`);
}

const rerunText = ({ of, from }: Rerun): string => `${of}${from === undefined ? "" : `, from ${from.join(", ")} on`}`;

const flagsOf = ({ published, archived }: Task): string =>
  `${published ? ", published" : ""}${archived ? ", archived" : ""}`;

function configurationLine(object: ConfigurationObject): string {
  const content = "json" in object ? JSON.stringify(object.json) : oneLine(object.text);
  return `${object.name}: ${cut(content, 60)}${object.description === undefined ? "" : ` (${object.description})`}`;
}

/** So many are named. */
const shownFiles = 8;

function filesLine(files: readonly ArchiveEntry[]): string {
  const named = files.slice(0, shownFiles).map(({ path, bytes }) => `${path} (${formatBytes(bytes)})`);
  const more = files.length - named.length;
  return [...named, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
}

function attemptLine({ number, outcome, startedAt, endedAt, failure, agent }: Attempt): string {
  const took = endedAt === undefined ? "" : ` after ${formatDuration(endedAt - startedAt)}`;
  return `${number}  ${outcome}${took}${failure ? `: ${sentence(failure)}` : ""} (${agent === cacheAgent ? "from the cache: reprise task why says more" : `agent ${agent}`})`;
}
