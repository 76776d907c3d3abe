/** Pipelines made ready to run, shared by the runs of one executor. */

import { definitionOf, graphsOf } from "../../model/definition.ts";
import { nodesOf } from "../../model/nodes-of.ts";
import type { Graph, Pipeline } from "../../model/pipeline.ts";
import type { Code, TaskId } from "../../model/task.ts";
import type { CodeTemplate, TaskTemplate } from "../../model/template.ts";
import type { Runs } from "../ports.ts";
import type { Pipelines } from "./calls.ts";
import { type Loaded, load, prepare } from "./graph/load.ts";
import { unreadCalls } from "./graph/unread-calls.ts";

export type Program = {
  name: string;
  graph: Graph;
  loaded: Loaded;
  /** Name of the template in the pipeline → the draft task that its calls clone. */
  templates: Map<string, TaskId>;
  /** The templates that are tasks of their own, to be found in the store. */
  tasks: ReadonlyMap<string, TaskTemplate>;
  /** The templates that are pipelines: calls of them are runs. */
  pipelines: Pipelines;
  /** The templates of steps that may be taken from the cache. */
  cached: ReadonlyMap<string, CodeTemplate>;
  /** The ids of calls whose outputs the graph never looks into. */
  unread: ReadonlySet<string>;
  /** Does the graph hold handles, by which it may watch metrics? */
  watches: boolean;
};

type Controller = Extract<Code, { kind: "controller" }>;

/** So many are kept: a pipeline is read, registered and loaded again when it comes after so many others. */
const keptPrograms = 64;

export class Programs {
  readonly #runs: Runs;
  readonly #programs = new Map<string, Promise<Program>>();

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  get(code: Controller): Promise<Program> {
    const key = `${code.pipeline} ${code.definition ?? ""}`;
    const program = this.#programs.get(key) ?? this.#load(key, code);
    // Put last again, so that the first is the one that was not asked for the longest.
    this.#programs.delete(key);
    this.#programs.set(key, program);
    if (this.#programs.size > keptPrograms) this.#programs.delete(this.#programs.keys().next().value!);
    return program;
  }

  #load(key: string, code: Controller): Promise<Program> {
    const program = this.#read(code);
    // What failed is tried anew by the next run.
    program.catch(() => this.#programs.delete(key));
    return program;
  }

  async #read({ pipeline: hash, definition }: Controller): Promise<Program> {
    const pipeline = await this.#runs.pipeline(hash);
    await prepare(graphsOf(pipeline));
    const { templates } = await this.#runs.register(pipeline);
    return { ...programOf(pipeline, definition), templates };
  }
}

/** The pipeline, or with `definition` one that it calls, made ready: all that a graph needs but the tasks of its templates. */
export function programOf(pipeline: Pipeline, definition?: string): Omit<Program, "templates"> {
  const { name, graph } = definition === undefined ? pipeline : definitionOf(pipeline, definition)!;
  const pipelines = Object.entries(pipeline.templates).flatMap(([key, template]) =>
    template.kind === "pipeline" ? [[key, definitionOf(pipeline, template.pipeline)?.params] as const] : [],
  );
  const templates = Object.entries(pipeline.templates);
  const cached = templates.filter(
    (entry): entry is [string, CodeTemplate] => entry[1].kind === "code" && entry[1].options.cache !== undefined,
  );
  const tasks = templates.filter((entry): entry is [string, TaskTemplate] => entry[1].kind === "task");
  const steps = { has: (template: string) => pipeline.templates[template]?.kind === "code" };
  return {
    name,
    graph,
    loaded: load(graph),
    tasks: new Map(tasks),
    pipelines: new Map(pipelines),
    cached: new Map(cached),
    unread: unreadCalls(graph, steps),
    watches: nodesOf(graph, "call").some(({ as }) => as === "handle"),
  };
}
