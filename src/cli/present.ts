/** A run before people's eyes, from its start to its end: shown while it runs, aborted by Ctrl-C, reported when it is over. */
import { dirname, relative, resolve } from "node:path";
import { abortedName, type Failure } from "../model/failure.ts";
import { taskId } from "../model/identity.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { Task } from "../model/task.ts";
import type { TaskHandle } from "../model/task-handle.ts";
import type { JsonSchema } from "../model/template.ts";
import type { Reprise } from "../open.ts";
import { fanOutsOf } from "../runtime/controller/fan-outs.ts";
import { type Run, type RunOutcome, unended } from "../runtime/controller/run.ts";
import type { Store } from "../runtime/ports.ts";
import { authorLines } from "./author-lines.ts";
import { exitCodes } from "./errors.ts";
import { onInterrupt } from "./interrupt.ts";
import { askToLeave, leaveQuestion } from "./leave.ts";
import { printJson, printLines, type Screen, screenOf } from "./output.ts";
import { pageOf } from "./page.ts";
import { typed } from "./typing.ts";
import { toJson } from "./values.ts";
import { type Shown, showLines, showNothing, showTree } from "./view/live.ts";
import { abortedLines, completedLines, type Ended, failedLines } from "./view/outcome.ts";
import { plural } from "./view/text.ts";
import { warnUnserved } from "./warn-unserved.ts";

export type Presentation = {
  json: boolean;
  /** The folder of the store. */
  store: string;
  /** The author's file, where the run was started from one. */
  file?: string;
  /** Events up to this one are old: they were shown by the process that wrote them. */
  after: number;
  /** Agents elsewhere run it: it may be left to itself. */
  elsewhere?: boolean;
  /** Gives a file that the run was made from when that is another: then it is aborted. */
  changed?: Promise<string | undefined>;
};

/** Gives the exit code. Closes what was opened, as its steps may take a while to end, and a second Ctrl-C must be heard till then. */
export async function present(reprise: Reprise, run: Run<unknown>, how: Presentation): Promise<number> {
  const shown = await show(reprise.store, run, how);
  const left = Promise.withResolvers<undefined>();
  const abort = () => {
    shown.note("aborting… (again to kill)");
    // Where the store refuses, the run's outcome rejects with the same.
    run.abort("interrupted").catch(() => {});
  };
  const ask = async () => {
    shown.note(leaveQuestion);
    if ((await askToLeave()) === "abort") abort();
    else left.resolve(undefined);
  };
  using interrupts = onInterrupt({
    abort: () => (how.elsewhere && process.stdin.isTTY ? void ask() : abort()),
    kill: () => reprise.kill(),
  });
  let isOver = false;
  const abortIfChanged = (file: string | undefined) => {
    if (file === undefined || isOver) return;
    shown.note(`${relative(process.cwd(), file)} has changed: aborting the run that goes on…`);
    run.abort("its sources have changed").catch(() => {});
  };
  how.changed?.then(abortIfChanged, () => {});
  const outcome = await Promise.race([run.outcome(), left.promise]);
  isOver = true;
  if (outcome === undefined) return await leave(reprise, run.id, shown);
  interrupts.onlyKill();
  await shown.end();
  if (how.json) printJson(jsonOf(run.id, outcome));
  else await report(reprise.store, run.id, outcome, how);
  await finish(reprise.store, run);
  await close(reprise);
  return exitCodes[outcome.status];
}

async function leave(reprise: Reprise, run: string, shown: Shown): Promise<number> {
  shown.leave();
  process.stderr.write(`the run ${run} goes on: reprise resume ${run} shows it again\n`);
  await close(reprise);
  return exitCodes.completed;
}

/** A run that is left to agents. Gives the exit code. */
export async function detached(
  { id, record, unserved }: TaskHandle,
  { json, store }: Pick<Presentation, "json" | "store">,
): Promise<number> {
  if (json) printJson({ run: id, status: "queued", result: null, error: null });
  else
    printLines([`${id} (${record.name}) waits for an agent`, pageOf(id, store)].filter((line) => line !== undefined));
  if (unserved) await warnUnserved(record);
  return exitCodes.completed;
}

/** What the run has detached ends after it. */
async function finish(store: Store, run: Run<unknown>): Promise<void> {
  const left = (await unended(store, run.id)).size;
  if (left === 0) return;
  const [tasks, them] = left === 1 ? ["1 detached task goes on", "it"] : [`${left} detached tasks go on`, "them"];
  process.stderr.write(
    `${tasks}: waiting for ${them} to end… (after Ctrl-C, reprise resume ${run.id} goes on with ${them})\n`,
  );
  await run.finished();
}

/** Steps that were told to end may take their time. Milliseconds till people hear why nothing seems to happen. */
const patienceMs = 500;

async function close(reprise: Reprise): Promise<void> {
  const say = () => reprise.isBusy && process.stderr.write("waiting for the last steps to end… (Ctrl-C kills them)\n");
  const late = setTimeout(say, patienceMs);
  await reprise.close();
  clearTimeout(late);
}

async function show(store: Store, run: Run<unknown>, { json, after }: Presentation): Promise<Shown> {
  const terminal = json ? process.stderr : process.stdout;
  if (terminal.isTTY && process.env.TERM !== "dumb") return showTree(run.state$, terminal);
  if (json) return showNothing;
  const fanOuts = fanOutsOf(await pipelineOf(store, run.id));
  return showLines(store, { id: run.id, after, fanOuts }, terminal);
}

async function pipelineOf(store: Store, run: string): Promise<Pipeline> {
  const { code } = await taskOf(store, run);
  if (code.kind !== "controller") throw new Error(`the task ${run} is no run`);
  return store.runs.pipeline(code.pipeline);
}

async function taskOf(store: Store, id: string): Promise<Task> {
  const task = await store.tasks.get(id);
  if (!task) throw new Error(`the run ${id} is not in the store any more`);
  return task;
}

function jsonOf(run: string, outcome: RunOutcome<unknown>) {
  const { status } = outcome;
  if (status === "completed") return { run, status, result: toJson(outcome.result), error: null };
  const {
    name,
    message,
    step = null,
  } = status === "failed" ? outcome.failure : { name: abortedName, message: outcome.reason };
  return { run, status, result: null, error: { name, message, step } };
}

async function report(store: Store, id: string, outcome: RunOutcome<unknown>, how: Presentation): Promise<void> {
  const stream = outcome.status === "completed" ? process.stdout : process.stderr;
  const screen = screenOf(stream);
  const ended = await endedFacts(store, await taskOf(store, id), outcome, how);
  const lines = await outcomeLines(store, ended, outcome, how, screen);
  stream.write(`\n${lines.join("\n")}\n`);
}

async function outcomeLines(store: Store, run: Ended, outcome: RunOutcome<unknown>, how: Presentation, screen: Screen) {
  switch (outcome.status) {
    case "completed":
      return completedLines(run, outcome.result, screen);
    case "failed":
      return failedLines(run, await failureFacts(store, run.id, outcome.failure, how, screen.color), screen);
    case "aborted":
      return abortedLines(run, outcome.reason, screen);
  }
}

/** A loop may have made a hundred thousand: so many are looked at. */
const countedTasks = 1_000;

async function endedFacts(
  store: Store,
  { id, name, startedAt, endedAt }: Task,
  outcome: RunOutcome<unknown>,
  how: Presentation,
): Promise<Ended> {
  const tasks = await store.tasks.list({ run: id, limit: countedTasks + 1 });
  const artifacts = (await Promise.all(tasks.map((task) => store.artifacts.list(task.id)))).flat();
  const metrics = (await Promise.all(tasks.map((task) => store.metrics.summaries(task.id)))).flat();
  const { params } = await pipelineOf(store, id);
  const ms = startedAt === undefined || endedAt === undefined ? undefined : endedAt - startedAt;
  return {
    ...{ id, name, status: outcome.status, store: how.store, artifacts },
    tasks: tasks.length > countedTasks ? `more than ${countedTasks} tasks` : plural(tasks.length, "task"),
    ...(ms !== undefined && { ms }),
    next:
      outcome.status === "completed"
        ? nextAfterSuccess(id, how, { metrics: metrics.length > 0, artifact: artifacts[0]?.name, params })
        : nextAfterFailure(id, how, outcome.status === "failed" ? outcome.failure.step : undefined),
  };
}

function nextAfterSuccess(
  id: string,
  { store, file }: Presentation,
  made: { metrics: boolean; artifact: string | undefined; params: JsonSchema | undefined },
): Ended["next"] {
  const type = (...words: string[]) => typed(words, store);
  const param = typeof made.params === "object" && Object.keys(made.params.properties ?? {})[0];
  return [
    ...(made.metrics ? [{ command: type("task", "metrics", id), does: "what the steps measured" }] : []),
    ...(made.artifact
      ? [{ command: type("task", "artifacts", id, "--get", made.artifact), does: "what a step made" }]
      : []),
    { command: type("graph", id), does: "the graph, as a Mermaid picture" },
    ...(file && param
      ? [{ command: `${type("run", file)} --param ${param}=…`, does: `again, with another ${param}` }]
      : []),
  ];
}

function nextAfterFailure(id: string, { store }: Presentation, step: string | undefined): Ended["next"] {
  const type = (...words: string[]) => typed(words, store);
  if (step === undefined) return [{ command: type("tasks", "--run", id), does: "what the run had started" }];
  return [
    { command: type("task", "logs", taskId(id, step)), does: "what the failed step printed" },
    { command: type("task", "show", taskId(id, step)), does: "its input, its attempts, its error" },
  ];
}

const shownLogLines = 8;

async function failureFacts(store: Store, run: string, failure: Failure, { file }: Presentation, color: boolean) {
  const step = failure.step === undefined ? undefined : await store.tasks.get(taskId(run, failure.step));
  const log = step ? await store.logs.read(step.id) : [];
  const folders = [process.cwd(), ...(file ? [dirname(resolve(file))] : [])];
  const frame = failure.at === undefined ? undefined : authorLines(failure.at, folders, { color });
  const last = log.filter(({ attempt }) => attempt === step?.attempt).slice(-shownLogLines);
  return { failure, ...(frame && { frame }), log: last.map(({ text }) => text), attempts: step?.attempt ?? 1 };
}
