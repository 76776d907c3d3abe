import { Command } from "commander";
import { cacheParts as all, type CacheOutcome, type CachePart } from "../../model/cache.ts";
import { formatDuration } from "../../model/duration.ts";
import type { Task } from "../../model/task.ts";
import type { Store } from "../../runtime/ports.ts";
import { changesBetween, changeText } from "../changes.ts";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { findTask, tasksOf } from "../find.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines, type Screen, screenOf } from "../output.ts";
import { shortText } from "../short-text.ts";
import { load } from "../values.ts";
import { cut } from "../view/text.ts";

export const taskWhy = (): Command =>
  new Command("why")
    .description(
      "why a task, or each step of a run, was taken from the cache, or ran: what differed from the nearest earlier one",
    )
    .argument("<task>", "the id of a task or a run, or the beginning of it")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExamples:\n  reprise task why m1x7k2\n  reprise task why m1x7k2/fit")
    .action(exiting(explainTask));

type Explained = { task: Task; outcome: CacheOutcome | undefined };

async function explainTask(id: string, { json }: { json?: boolean }, command: Command): Promise<number> {
  await using store = await existingStore(command);
  const task = await findTask(store, id);
  const isRun = task.code.kind === "controller";
  const found = await Promise.all(
    (await tasksOf(store, task)).map(
      async (task): Promise<Explained> => ({ task, outcome: await store.cache.why(task.id) }),
    ),
  );
  const explained = isRun ? found.filter(({ outcome }) => outcome !== undefined) : found;
  if (json) {
    const facts = explained.map(({ task, outcome = null }) => ({ task: task.id, cache: outcome }));
    printJson(isRun ? facts : facts[0]);
  } else if (explained.length === 0) printLines([task.id, "  none of its steps has the option `cache`"]);
  else for (const each of explained) printLines(await lines(store, each, screenOf(process.stdout)));
  return exitCodes.completed;
}

const lines = async (store: Store, { task, outcome }: Explained, screen: Screen): Promise<string[]> => [
  task.id,
  ...(await reasons(store, task, outcome, screen)),
];

async function reasons(store: Store, task: Task, outcome: CacheOutcome | undefined, screen: Screen): Promise<string[]> {
  if (outcome === undefined) return ["  it may not be taken from the cache: its step does not have the option `cache`"];
  if (outcome.outcome === "hit" && outcome.rerun)
    return [`  its run does another one again: taken from ${outcome.from}, the same call there`];
  if (outcome.outcome === "hit") return [`  taken from the cache: ${outcome.from} had the same ${listed(all)}`];
  switch (outcome.reason) {
    case "first":
      return ["  it ran: no completed task of its step was kept"];
    case "refresh":
      return ["  it ran: the run was started with --refresh, or does another one again from an earlier step on"];
    case "expired":
      return [`  it ran: ${outcome.nearest} is the same, but was older than the ttl of ${ttlOf(task)}`];
    case "changed": {
      const [differs, same] = [outcome.differs, all.filter((part) => !outcome.differs.includes(part))];
      const equal = same.length > 0 ? `; the same ${listed(same)}` : "";
      return [
        `  it ran: its ${listed(differs)} ${differs.length === 1 ? "is" : "are"} not that of ${outcome.nearest}, the nearest earlier one${equal}`,
        ...(differs.includes("input") ? await inputChanges(store, task, outcome.nearest, screen) : []),
      ];
    }
  }
}

const words = new Intl.ListFormat("en", { type: "conjunction" });
const listed = (parts: readonly CachePart[]): string => words.format(parts);

const ttlOf = ({ options }: Task): string => formatDuration(options.cache?.ttlMs ?? 0);

/** Field by field. */
async function inputChanges(store: Store, task: Task, nearest: string, screen: Screen): Promise<string[]> {
  const earlier = await store.tasks.get(nearest);
  const [before, now] = await Promise.all([load(store, earlier?.input), load(store, task.input)]);
  return changesBetween(before, now, shortText).map((change) => cut(`    ${changeText(change)}`, screen.width));
}
