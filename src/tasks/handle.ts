/** A task as a program holds it: what it was when it was last looked at, and all that can be done with it. */
import type { Observable } from "rxjs";
import { readerOf } from "../artifacts/reader.ts";
import { Artifact } from "../model/artifact.ts";
import { type ConfigurationObject, configurationContent } from "../model/configuration.ts";
import { durationMs } from "../model/duration.ts";
import { errorOf } from "../model/failure.ts";
import type { Json } from "../model/json.ts";
import type { LogLine } from "../model/log.ts";
import type { ScalarSummary } from "../model/metric.ts";
import { checkPriority, checkQueue } from "../model/options.ts";
import { retryPolicy } from "../model/retry.ts";
import { runId } from "../model/run-id.ts";
import type { Attempt, Task, TaskId, TaskStatus } from "../model/task.ts";
import type {
  CloneOptions,
  EnqueueOptions,
  Parameters,
  TaskEdit,
  TaskHandle,
  WaitOptions,
} from "../model/task-handle.ts";
import type { TaskType } from "../model/task-type.ts";
import { decode } from "../model/value.ts";
import { checkGiven, checkWhole, keepParameters, readParameters, takenBy } from "../runtime/controller/parameters.ts";
import { textOf } from "../runtime/controller/stored.ts";
import { ConflictError, type Edit, type Store } from "../runtime/ports.ts";
import { isServed, tellUnserved } from "./served.ts";
import { logs$, type MetricPoint, metrics$, progress$, status$ } from "./streams.ts";
import { waitFor } from "./wait.ts";

/** What is known of a task at one moment. */
export type Look = {
  record: Task;
  parameters: Parameters;
  output: unknown;
  metrics: readonly ScalarSummary[];
  unserved: boolean;
};

/** Looks at it. Rejects with a ConflictError where there is no such task. */
export async function handleOf(store: Store, id: TaskId): Promise<StoredTask> {
  return new StoredTask(store, await look(store, id));
}

export class StoredTask implements TaskHandle {
  protected readonly store: Store;
  #seen: Look;

  constructor(store: Store, seen: Look) {
    this.store = store;
    this.#seen = seen;
  }

  get record(): Readonly<Task> {
    return this.#seen.record;
  }
  get id(): TaskId {
    return this.record.id;
  }
  get name(): string {
    return this.record.name;
  }
  get project(): string | undefined {
    return this.record.project;
  }
  get type(): TaskType {
    return this.record.options.type;
  }
  get status(): TaskStatus {
    return this.record.status;
  }
  get tags(): readonly string[] {
    return this.record.options.tags ?? [];
  }
  get progressed(): number | undefined {
    return this.record.progress;
  }
  get error(): Error | undefined {
    return this.record.failure && errorOf(this.record.failure);
  }
  get parameters(): Parameters {
    return this.#seen.parameters;
  }
  get output(): unknown {
    return this.#seen.output;
  }
  get unserved(): boolean {
    return this.#seen.unserved;
  }
  get metrics(): readonly ScalarSummary[] {
    return this.#seen.metrics;
  }

  metric(title: string, series: string): ScalarSummary | undefined {
    return this.metrics.find((summary) => summary.title === title && summary.series === series);
  }

  async reload(): Promise<this> {
    this.#seen = await look(this.store, this.id);
    return this;
  }

  attempts(): Promise<Attempt[]> {
    return this.store.tasks.attempts(this.id);
  }

  async artifacts(): Promise<Artifact[]> {
    const reader = readerOn(this.store);
    return (await this.store.artifacts.list(this.id)).map((kept) => new Artifact(kept, reader));
  }

  async artifact(name: string): Promise<Artifact> {
    const kept = await this.store.artifacts.find(this.id, name);
    if (kept === undefined) throw new ConflictError(`the task ${this.id} has no artifact "${name}"`);
    return new Artifact(kept, readerOn(this.store));
  }

  logs(): Promise<LogLine[]> {
    return this.store.logs.read(this.id);
  }

  configuration(): Promise<ConfigurationObject[]> {
    return this.store.tasks.configuration(this.id);
  }

  setParameters(parameters: Parameters): Promise<this> {
    return this.#edit(async () => ({ input: await this.#input(() => parameters) }));
  }

  /** Tried again where somebody else changes them at the same moment. */
  async updateParameters(parameters: Parameters): Promise<this> {
    for (let tries = 1; ; tries += 1)
      try {
        return await this.#edit(async () => ({ input: await this.#input((had) => ({ ...had, ...parameters })) }));
      } catch (error) {
        if (!(error instanceof ConflictError) || this.status !== "draft" || tries === 10) throw error;
      }
  }

  setConfiguration(name: string, value: Json, { description }: { description?: string } = {}): Promise<this> {
    const content =
      value === null
        ? null
        : { ...configurationContent(name, value), ...(description !== undefined && { description }) };
    return this.#edit(() => ({ configuration: { [name]: content } }));
  }

  edit(edit: TaskEdit): Promise<this> {
    return this.#edit(() => editOf(edit));
  }

  addTags(...tags: string[]): Promise<this> {
    return this.#edit(() => ({ tags: [...this.tags, ...tags] }));
  }

  removeTags(...tags: string[]): Promise<this> {
    return this.#edit(() => ({ tags: this.tags.filter((tag) => !tags.includes(tag)) }));
  }

  async clone({
    id = runId(Date.now()),
    parameters,
    tags,
    project,
    ...options
  }: CloneOptions = {}): Promise<StoredTask> {
    const taken = await takenBy(this.store, this.record);
    const input =
      parameters && (await keepParameters(this.store, { ...this.parameters, ...checkGiven(taken, parameters) }, id));
    const own = { ...this.record.options, ...(tags && { tags: [...tags] }), ...(project !== undefined && { project }) };
    await this.store.tasks.clone(this.id, { ...options, id, options: own, ...(input && { input }) });
    return handleOf(this.store, id);
  }

  async enqueue({ queue }: EnqueueOptions = {}): Promise<this> {
    await this.reload();
    checkWhole(await takenBy(this.store, this.record), this.parameters);
    await tellUnserved(
      this.store,
      await this.store.tasks.enqueue(this.id, queue === undefined ? undefined : checkQueue(queue)),
    );
    return this.reload();
  }

  async dequeue(): Promise<this> {
    await this.store.tasks.dequeue(this.id);
    return this.reload();
  }

  async abort(reason = "aborted by a program"): Promise<boolean> {
    const had = await this.store.tasks.abort(this.id, reason);
    await this.reload();
    return had;
  }

  async reset(): Promise<this> {
    await this.store.tasks.reset(this.id);
    return this.reload();
  }

  async publish(): Promise<this> {
    await this.store.tasks.publish(this.id);
    return this.reload();
  }

  async archive(archived = true): Promise<this> {
    await this.store.tasks.archive(this.id, archived);
    return this.reload();
  }

  delete(): Promise<void> {
    return this.store.tasks.delete(this.id);
  }

  async wait(options?: WaitOptions): Promise<this> {
    await waitFor(this.store, this.id, options);
    return this.reload();
  }

  get status$(): Observable<TaskStatus> {
    return status$(this.store, this.id);
  }
  get metrics$(): Observable<MetricPoint> {
    return metrics$(this.store, this.id);
  }
  get progress$(): Observable<number> {
    return progress$(this.store, this.id);
  }
  get logs$(): Observable<LogLine> {
    return logs$(this.store, this.id);
  }

  /** What is asked for is seen in the light of what the task is now. */
  async #edit(edit: () => Edit | Promise<Edit>): Promise<this> {
    await this.reload();
    await this.store.tasks.edit(this.id, await edit());
    return this.reload();
  }

  async #input(change: (had: Parameters) => Parameters): Promise<NonNullable<Edit["input"]>> {
    const given = checkGiven(await takenBy(this.store, this.record), change(this.parameters));
    return { from: this.record.input, to: await keepParameters(this.store, given, this.id) };
  }
}

/** Rejects with a ConflictError where there is no such task. */
export async function look(store: Store, id: TaskId): Promise<Look> {
  const record = await store.tasks.get(id);
  if (record === undefined) throw new ConflictError(`there is no task "${id}"`);
  const reader = readerOn(store);
  const [parameters, output, metrics, unserved] = await Promise.all([
    readParameters(store, record.input, reader),
    record.output && textOf(store.blobs, record.output).then((text) => decode(text, reader)),
    store.metrics.summaries(id),
    record.status === "queued" ? isServed(store, record.options.queue, id).then((served) => !served) : false,
  ]);
  return { record, parameters, output, metrics, unserved };
}

const readerOn = ({ blobs }: Store) => readerOf((hash) => blobs.file(hash));

/** Throws a RangeError where a duration, a retry, a priority or a queue is none. */
function editOf({ name, comment, tags, project, type, queue, priority, retry, timeLimit }: TaskEdit): Edit {
  const options = {
    ...(type !== undefined && { type }),
    ...(queue !== undefined && { queue: checkQueue(queue) }),
    ...(priority !== undefined && { priority: checkPriority(priority) }),
    ...(retry !== undefined && { retry: retryPolicy(retry) }),
    ...(timeLimit !== undefined && { timeLimitMs: durationMs(timeLimit) }),
  };
  return {
    ...(name !== undefined && { name }),
    ...(comment !== undefined && { comment }),
    ...(tags !== undefined && { tags: [...tags] }),
    ...(project !== undefined && { project }),
    ...(Object.keys(options).length > 0 && { options }),
  };
}
