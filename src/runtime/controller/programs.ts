/** Pipelines made ready to run, shared by the runs of one executor. */
import type { Hash } from "../../model/hash.ts";
import type { TaskId } from "../../model/task.ts";
import type { Runs } from "../ports.ts";
import { type Loaded, load } from "./graph/load.ts";

export type Program = {
  name: string;
  loaded: Loaded;
  /** Name of the template in the pipeline → the draft task that its calls clone. */
  templates: Map<string, TaskId>;
};

/** So many are kept: a pipeline is read, registered and loaded again when it comes after so many others. */
const keptPrograms = 64;

export class Programs {
  readonly #runs: Runs;
  readonly #programs = new Map<Hash, Promise<Program>>();

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  get(hash: Hash): Promise<Program> {
    const program = this.#programs.get(hash) ?? this.#load(hash);
    // Put last again, so that the first is the one that was not asked for the longest.
    this.#programs.delete(hash);
    this.#programs.set(hash, program);
    if (this.#programs.size > keptPrograms) this.#programs.delete(this.#programs.keys().next().value!);
    return program;
  }

  #load(hash: Hash): Promise<Program> {
    const program = this.#read(hash);
    // What failed is tried anew by the next run.
    program.catch(() => this.#programs.delete(hash));
    return program;
  }

  async #read(hash: Hash): Promise<Program> {
    const pipeline = await this.#runs.pipeline(hash);
    const { templates } = await this.#runs.register(pipeline);
    return { name: pipeline.name, loaded: load(pipeline.graph), templates };
  }
}
