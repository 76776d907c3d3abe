/** Runs of pipelines: they are registered, started or joined, moved on turn by turn, aborted. */
import type { Bundle } from "../../model/bundle.ts";
import type { Chance } from "../../model/chance.ts";
import type { Hash } from "../../model/hash.ts";
import { taskId } from "../../model/identity.ts";
import type { TaskOptions } from "../../model/options.ts";
import type { Pipeline } from "../../model/pipeline.ts";
import type { Refresh } from "../../model/refresh.ts";
import type { Rerun } from "../../model/rerun.ts";
import { runIdPattern } from "../../model/run-id.ts";
import type { Stored, Task, TaskId } from "../../model/task.ts";
import { type Command, ConflictError, LostLeaseError, type Registered, type Runs } from "../ports.ts";
import { abortRun, abortTask } from "./abort.ts";
import type { BlobFolder } from "./blobs.ts";
import { keepBundle } from "./bundles.ts";
import { chancesOf, keepChance } from "./chances.ts";
import { cloneTask } from "./clone.ts";
import { register } from "./register.ts";
import { signalRun } from "./signal.ts";
import type { Tables } from "./tables.ts";
import { runOf, type TaskRow } from "./task-row.ts";

type Start = { id: TaskId; params?: Stored; queue?: string; refresh?: Refresh; rerun?: Rerun };

export class RunTable implements Runs {
  readonly #tables: Tables;
  readonly #blobs: BlobFolder;
  readonly #registered = new WeakMap<Pipeline, Promise<Registered>>();

  constructor(tables: Tables, blobs: BlobFolder) {
    this.#tables = tables;
    this.#blobs = blobs;
  }

  register(pipeline: Pipeline): Promise<Registered> {
    let registered = this.#registered.get(pipeline);
    if (registered === undefined) {
      registered = register(this.#tables, this.#blobs, pipeline);
      this.#registered.set(pipeline, registered);
      registered.catch(() => this.#registered.delete(pipeline));
    }
    return registered;
  }

  /** The blob is checked against its hash; what it says was admitted before it was kept. */
  async pipeline(hash: Hash): Promise<Pipeline> {
    return JSON.parse((await this.#blobs.get(hash)).toString("utf8")) as Pipeline;
  }

  async bundle(hash: Hash): Promise<Bundle> {
    const { database } = this.#tables;
    const row = await database.read(() =>
      database.get<{ blob: Hash }>("select blob from bundles where hash = ?", hash),
    );
    if (row === undefined) throw new Error(`the store ${database.folder} has no bundle ${hash}`);
    return JSON.parse((await this.#blobs.get(row.blob)).toString("utf8")) as Bundle;
  }

  keepBundle(bundle: Bundle): Promise<Hash> {
    return keepBundle(this.#tables, this.#blobs, bundle);
  }

  start(controller: TaskId, run: Start): Promise<{ task: Task; created: boolean }> {
    return this.#tables.database.change(() => start(this.#tables, controller, run, Date.now()));
  }

  turn(run: TaskId, attempt: number, commands: Command[]): Promise<void> {
    return this.#tables.database.change(() => turn(this.#tables, run, attempt, commands, Date.now()));
  }

  abort(run: TaskId, reason: string): Promise<boolean> {
    return this.#tables.database.change(() => abortRun(this.#tables, run, reason, Date.now()));
  }

  signal(run: TaskId, name: string, value?: Stored): Promise<boolean> {
    return this.#tables.database.change(() =>
      signalRun(this.#tables, run, { name, ...(value && { value }) }, Date.now()),
    );
  }

  chances(run: TaskId): Promise<Map<string, Chance>> {
    return this.#tables.database.read(() => chancesOf(this.#tables, run));
  }
}

function start(
  tables: Tables,
  controller: TaskId,
  { id, params, queue, refresh, rerun }: Start,
  at: number,
): { task: Task; created: boolean } {
  if (!runIdPattern.test(id))
    throw new ConflictError(
      `"${id}" cannot name a run: write up to 100 letters, digits, ".", "_" or "-", a letter or digit first`,
    );
  const template = tables.rows.ofId(controller);
  const existing = tables.rows.get(id);
  if (existing !== undefined) {
    const task = tables.tasks.of(existing);
    checkJoin(task, controller, params, rerun);
    return { task, created: false };
  }
  const options = {
    ...(rerun !== undefined && { ...optionsOf(tables, rerun.of), rerun }),
    ...(queue !== undefined && { queue }),
    ...(refresh !== undefined && { refresh }),
  };
  const isAsTemplate = Object.keys(options).length === 0;
  const clone = { id, template, ...(params && { input: params }), ...(!isAsTemplate && { options }) };
  return { task: tables.tasks.of(cloneTask(tables, clone, at)), created: true };
}

/** Without what the run itself was told to do. */
function optionsOf({ configurations, rows }: Tables, run: TaskId): Partial<TaskOptions> {
  const { refresh: _, ...options } = configurations.get(rows.ofId(run).configuration).options;
  return options;
}

function checkJoin(task: Task, controller: TaskId, params: Stored | undefined, rerun: Rerun | undefined): void {
  const what =
    task.parent !== controller
      ? "with another pipeline"
      : !sameValue(task.input, params)
        ? "with other params"
        : rerun !== undefined && !sameValue(task.options.rerun, rerun)
          ? "and is not the same run again"
          : undefined;
  if (what !== undefined)
    throw new ConflictError(
      `the run "${task.id}" exists ${what}: start under another id, or leave the id out and get a new one`,
    );
}

function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function turn(tables: Tables, id: TaskId, attempt: number, commands: Command[], at: number): void {
  const run = fenced(tables, id, attempt);
  run.isNew = false;
  check(tables, run, commands);
  for (const command of commands) obey(tables, run, command, at);
}

/** Everything is checked first: a turn that is refused has changed nothing. */
function check({ rows }: Tables, run: TaskRow, commands: Command[]): void {
  let cloned: Set<TaskId> | undefined;
  for (const command of commands)
    if (command.kind === "clone") rows.ofId(command.template);
    else if (command.kind === "abort") {
      cloned ??= clonesOf(run, commands);
      if (cloned.has(command.task)) continue;
      const task = rows.ofId(command.task);
      if (task.path === null || runOf(task) !== run.id)
        throw new ConflictError(`the task "${task.id}" is not of the run "${run.id}", which cannot abort it`);
    }
}

const clonesOf = ({ id }: TaskRow, commands: Command[]): Set<TaskId> =>
  new Set(commands.flatMap((command) => (command.kind === "clone" ? taskId(id, command.path) : [])));

function obey(tables: Tables, run: TaskRow, command: Command, at: number): void {
  const { rows } = tables;
  switch (command.kind) {
    case "clone": {
      const { path, template } = command;
      const { input, options, cache, takes, whole } = command;
      const id = taskId(run.id, path);
      cloneTask(
        tables,
        { id, template: rows.ofId(template), run: { task: run, path }, input, options, cache, takes, whole },
        at,
      );
      return;
    }
    case "abort":
      return abortTask(tables, rows.ofId(command.task), command.reason, at);
    case "wait": {
      const { kind: _, ...wait } = command;
      return tables.events.appendOf(run, at, { kind: "waiting", ...wait });
    }
    case "fire":
      return tables.events.appendOf(run, at, { kind: "timer", path: command.path });
    case "decision":
      return tables.events.appendOf(run, at, command);
    case "chance":
      return keepChance(tables, run.key, command.path, command.value);
  }
}

/** Throws a LostLeaseError where the attempt is not the running one of the run's controller. */
function fenced(tables: Tables, id: TaskId, attempt: number): TaskRow {
  const run = tables.rows.get(id);
  if (run?.status !== "running" || run.attempt !== attempt)
    throw new LostLeaseError(`attempt ${attempt} of the run "${id}" is not the running one any more`);
  return run;
}
