import { Command } from "commander";
import { formatDuration } from "../../model/duration.ts";
import { hashOf } from "../../model/hash.ts";
import type { Provenance } from "../../model/provenance.ts";
import type { Stored, Task } from "../../model/task.ts";
import { changeText, shortHash, type ValueChange } from "../changes.ts";
import { type ChangedCall, compareRuns, type Pair, type RunComparison } from "../compare-runs.ts";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { findRun } from "../find.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines, type Screen, screenOf } from "../output.ts";
import { shortText } from "../short-text.ts";
import { load } from "../values.ts";
import { table } from "../view/table.ts";
import { cut, plural, sentence, widthOf } from "../view/text.ts";

export const diff = (): Command =>
  new Command("diff")
    .description(
      "two runs side by side: params, result, sources, code, calls by path, and decisions that went another way",
    )
    .argument("<run>", "the earlier run's id, or the beginning of it")
    .argument("<other>", "the later run's")
    .option("--json", "as JSON, with all calls")
    .addHelpText("after", "\nExample:\n  reprise diff m1x7k2 m1x9a4")
    .action(exiting(diffRuns));

async function diffRuns(one: string, other: string, { json }: { json?: boolean }, command: Command): Promise<number> {
  await using store = await existingStore(command);
  const [before, after] = await Promise.all([findRun(store, one), findRun(store, other)]);
  const { tasks, events, runs, provenance } = store;
  const read = (stored: Stored | undefined) => load(store, stored);
  const compared = await compareRuns({ tasks, events, runs, provenance, read, words: shortText }, before, after);
  if (json) printJson(asJson(compared));
  else printLines(asLines(compared, screenOf(process.stdout)));
  return exitCodes.completed;
}

function asJson({ runs, provenance, ...compared }: RunComparison): object {
  const facts = ({ id, status, failure }: Task, ms: number | undefined, from: Provenance | undefined) => ({
    ...{ run: id, status, ms: ms ?? null, error: failure ?? null, provenance: from ?? null },
  });
  return {
    before: facts(runs.before, tookOf(runs.before), provenance.before),
    after: facts(runs.after, tookOf(runs.after), provenance.after),
    ...compared,
  };
}

/** So many calls, decisions and words of a kind are shown. */
const most = 20;

function asLines(compared: RunComparison, screen: Screen): string[] {
  const { code, calls, decisions } = compared;
  const { width, style } = screen;
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ["", style.bold(title), ...lines.map((line) => `  ${cut(line, width - 2)}`)];
  const some = (all: readonly string[][]): string[] => [
    ...all.slice(0, most).flat(),
    ...(all.length > most ? [`… ${all.length - most} more (--json has all)`] : []),
  ];
  return [
    ...factLines(compared, screen),
    ...section("Code", some(code.map((words) => [words]))),
    ...section(`Calls (${plural(calls.same, "call")} the same)`, [
      ...some(
        calls.only.before.map(({ path, step }) => [`- ${titleOf(path, step)}: only in ${compared.runs.before.id}`]),
      ),
      ...some(
        calls.only.after.map(({ path, step }) => [`+ ${titleOf(path, step)}: only in ${compared.runs.after.id}`]),
      ),
      ...some(calls.changed.map(callLines(width - 2))),
    ]),
    ...section(
      "Decisions",
      some(decisions.map(({ path, before, after }) => [`~ ${path}`, `    ${before}`, `    ${after}`])),
    ),
    ...(isSame(compared) ? ["", "the same calls, inputs, outputs and decisions"] : []),
  ];
}

const isSame = ({ params, result, code, calls, decisions }: RunComparison): boolean =>
  [params, result, code, decisions, calls.only.before, calls.only.after, calls.changed].every(
    ({ length }) => length === 0,
  );

type Row = { what: string; before: string; after: string };

function factLines({ runs, provenance, params, result }: RunComparison, { width, style }: Screen): string[] {
  const pair = <T>(what: string, { before, after }: Pair<T>, text: (one: T) => string): Row[] =>
    text(before) === text(after) ? [] : [{ what, before: text(before), after: text(after) }];
  const values = (what: string, changes: ValueChange[]): Row[] =>
    changes.map(({ field, before = "–", after = "–" }) => ({
      what: field === "" ? what : `${what}.${field}`,
      before,
      after,
    }));
  const rows: Row[] = [
    { what: "status", before: runs.before.status, after: runs.after.status },
    { what: "time", before: timeOf(runs.before), after: timeOf(runs.after) },
    ...pair("error", runs, ({ failure }) => (failure ? sentence(failure) : "–")),
    ...pair("pipeline", runs, ({ name }) => name),
    ...values("params", params),
    ...values("result", result),
    ...pair("commit", provenance, (from) => from?.git?.commit.slice(0, 12) ?? "–"),
    ...pair("uncommitted", provenance, changesOf),
    ...pair("lockfile", provenance, (from) => (from?.lockfile ? shortHash(from.lockfile.hash) : "–")),
    ...pair("node", provenance, (from) => from?.node ?? "–"),
  ];
  const [head = "", ...body] = table(
    rows,
    [
      { title: "", cell: ({ what }) => what, least: 12 },
      { title: runs.before.id, cell: ({ before }) => before, least: 12 },
      { title: runs.after.id, cell: ({ after }) => after, least: 12 },
    ],
    width,
  );
  return [style.bold(head), ...body];
}

const tookOf = ({ startedAt, endedAt }: Task): number | undefined =>
  startedAt === undefined || endedAt === undefined ? undefined : endedAt - startedAt;

function timeOf(run: Task): string {
  const ms = tookOf(run);
  return ms === undefined ? "–" : formatDuration(ms);
}

function changesOf(from: Provenance | undefined): string {
  const content = from?.git?.diff?.content;
  if (content === undefined) return "none";
  return shortHash("blob" in content ? content.blob : hashOf(content.text));
}

const titleOf = (path: string, step: string): string => (path.endsWith(step) ? path : `${path} (${step})`);

const callLines =
  (width: number) =>
  ({ path, step, status, input, output }: ChangedCall): string[] => [
    `~ ${titleOf(path, step)}${status ? `: ${status.before} → ${status.after}` : ""}`,
    ...input.flatMap((change) => changeLines("input", change, width)),
    ...output.flatMap((change) => changeLines("output", change, width)),
  ];

/** On one line where both fit, else below each other: the end of a large value says which it is. */
function changeLines(what: string, change: ValueChange, width: number): string[] {
  const line = `    ${what} ${changeText(change)}`;
  if (widthOf(line) <= width) return [line];
  const { field, before = "(none)", after = "(none)" } = change;
  return [`    ${what} ${field}`.trimEnd(), `      ${before}`, `      → ${after}`];
}
