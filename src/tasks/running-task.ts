/** The task that this process is: what it is told, by hand as by an agent. */
import { configurationContent } from "../model/configuration.ts";
import type { Json } from "../model/json.ts";
import type { Stored, TaskId } from "../model/task.ts";
import type { Parameters, RunningTask } from "../model/task-handle.ts";
import { encode } from "../model/value.ts";
import { keepParameters } from "../runtime/controller/parameters.ts";
import { ConflictError, type Edit, type Store } from "../runtime/ports.ts";
import { type Look, look, StoredTask } from "./handle.ts";

/** How the process lives as a task: by itself, or under an agent. */
export interface Life {
  /** What the task gives when it completes, encoded. */
  returns(output: string): void;
  /** The attempt is over, and the process goes on. */
  end(): Promise<void>;
  /** The attempt is over, and an agent makes the next one. Where an agent makes this one, nothing happens. */
  handOver(queue: string | undefined): Promise<void>;
}

export async function runningTaskOf(store: Store, id: TaskId, life: Life): Promise<RunningTask> {
  return new OwnTask(store, await look(store, id), life);
}

class OwnTask extends StoredTask implements RunningTask {
  readonly #life: Life;

  constructor(store: Store, seen: Look, life: Life) {
    super(store, seen);
    this.#life = life;
  }

  async connect<T extends object>(defaults: T, name?: string): Promise<T> {
    const had = (name === undefined ? this.parameters : (this.parameters[name] ?? {})) as Parameters;
    const own = Object.keys(defaults).filter((key) => Object.hasOwn(had, key));
    const connected = { ...defaults, ...Object.fromEntries(own.map((key) => [key, had[key]])) };
    const all =
      name === undefined
        ? { ...this.parameters, ...connected }
        : { ...this.parameters, [name]: { ...had, ...connected } };
    if (own.length < Object.keys(defaults).length) await this.#recordParameters(all);
    return connected;
  }

  async connectConfiguration<T extends Json>(
    name: string,
    value: T,
    { description }: { description?: string } = {},
  ): Promise<T> {
    const known = (await this.configuration()).find((object) => object.name === name);
    if (known !== undefined) return ("json" in known ? known.json : known.text) as T;
    const content = { ...configurationContent(name, value), ...(description !== undefined && { description }) };
    await this.#record({ configuration: { [name]: content } });
    return value;
  }

  returns(output: unknown): void {
    this.#life.returns(encode(output, `the output of the task "${this.name}"`));
  }

  executeRemotely({ queue }: { queue?: string } = {}): Promise<void> {
    return this.#life.handOver(queue);
  }

  async close(): Promise<void> {
    await this.#life.end();
    await this.reload();
  }

  async #recordParameters(parameters: Parameters): Promise<void> {
    const to: Stored | undefined = await keepParameters(this.store, parameters, this.id);
    await this.#record({ input: { from: this.record.input, to } });
  }

  async #record(what: Pick<Edit, "input" | "configuration">): Promise<void> {
    if (!(await this.store.tasks.record(this.id, this.record.attempt, what)))
      throw new ConflictError(`the task ${this.id} is not this process's any more: it was aborted, or taken for lost`);
    await this.reload();
  }
}
