/** Runs of pipelines: they are registered, started or joined, moved on turn by turn, aborted. */
import type { Bundle } from "../../model/bundle.ts";
import type { Chance } from "../../model/chance.ts";
import type { Hash } from "../../model/hash.ts";
import { taskId } from "../../model/identity.ts";
import type { Pipeline } from "../../model/pipeline.ts";
import type { Refresh } from "../../model/refresh.ts";
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
import type { TaskRef } from "./tasks.ts";

type Start = { id: TaskId; params?: Stored; queue?: string; refresh?: Refresh };

export class RunTable implements Runs {
  readonly #tables: Tables;
  readonly #blobs: BlobFolder;

  constructor(tables: Tables, blobs: BlobFolder) {
    this.#tables = tables;
    this.#blobs = blobs;
  }

  register(pipeline: Pipeline): Promise<Registered> {
    return register(this.#tables, this.#blobs, pipeline);
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
    return this.#tables.database.write(() => start(this.#tables, controller, run, Date.now()));
  }

  turn(run: TaskId, attempt: number, commands: Command[]): Promise<void> {
    return this.#tables.database.write(() => turn(this.#tables, run, attempt, commands, Date.now()));
  }

  abort(run: TaskId, reason: string): Promise<boolean> {
    return this.#tables.database.write(() => abortRun(this.#tables, run, reason, Date.now()));
  }

  signal(run: TaskId, name: string, value?: Stored): Promise<boolean> {
    return this.#tables.database.write(() =>
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
  { id, params, queue, refresh }: Start,
  at: number,
): { task: Task; created: boolean } {
  if (!runIdPattern.test(id))
    throw new ConflictError(
      `"${id}" cannot name a run: write up to 100 letters, digits, ".", "_" or "-", a letter or digit first`,
    );
  const clone = {
    id,
    template: controller,
    ...(params && { input: params }),
    ...((queue !== undefined || refresh !== undefined) && {
      options: { ...(queue !== undefined && { queue }), ...(refresh !== undefined && { refresh }) },
    }),
  };
  const created = cloneTask(tables, clone, at);
  const task = tables.tasks.at(tables.tasks.ref(id).key);
  if (!created) checkJoin(task, controller, params);
  return { task, created };
}

function checkJoin(task: Task, controller: TaskId, params: Stored | undefined): void {
  const what = task.parent !== controller ? "pipeline" : sameValue(task.input, params) ? undefined : "params";
  if (what !== undefined)
    throw new ConflictError(
      `the run "${task.id}" exists with ${what === "pipeline" ? "another pipeline" : "other params"}: ` +
        "start under another id, or leave the id out and get a new one",
    );
}

function sameValue(a: Stored | undefined, b: Stored | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function turn(tables: Tables, run: TaskId, attempt: number, commands: Command[], at: number): void {
  const task = fenced(tables, run, attempt);
  for (const command of commands)
    switch (command.kind) {
      case "clone": {
        const { template, path, input, options, cache, whole } = command;
        const id = taskId(run, path);
        cloneTask(
          tables,
          {
            id,
            template,
            run: { task, path },
            ...(input && { input }),
            ...(options && { options }),
            ...(cache && { cache }),
            ...(whole && { whole }),
          },
          at,
        );
        break;
      }
      case "abort":
        if (tables.tasks.ref(command.task).run.key !== task.key)
          throw new ConflictError(`the task "${command.task}" is not of the run "${run}", which cannot abort it`);
        abortTask(tables, command.task, command.reason, at);
        break;
      case "wait": {
        const { kind: _, ...wait } = command;
        tables.events.append(task, at, { kind: "waiting", ...wait });
        break;
      }
      case "fire":
        tables.events.append(task, at, { kind: "timer", path: command.path });
        break;
      case "decision":
        tables.events.append(task, at, command);
        break;
      case "chance":
        keepChance(tables, task.key, command.path, command.value);
    }
}

function fenced({ tasks }: Tables, run: TaskId, attempt: number): TaskRef {
  const controller = tasks.run(run);
  if (controller?.status !== "running" || controller.attempt !== attempt)
    throw new LostLeaseError(`attempt ${attempt} of the run "${run}" is not the running one any more`);
  return { key: controller.key, id: run, run: { key: controller.key, id: run } };
}
