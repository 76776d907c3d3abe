/** Templates: what the call nodes of a pipeline clone. */
import type { Hash } from "./hash.ts";
import type { Json } from "./json.ts";
import type { TaskOptions } from "./options.ts";

/** JSON Schema, draft 2020-12. */
export type JsonSchema = boolean | { [key: string]: Json };

/** A step: a function of a bundled ES module. */
export type CodeTemplate = {
  kind: "code";
  bundle: Hash;
  /** The name that the bundle exports the function as. */
  export: string;
  input?: JsonSchema;
  output?: JsonSchema;
  options: TaskOptions;
  /** Where the author declared it: `file:line:column`. */
  at?: string;
};

/** Another pipeline of the same JSON: a call of it is a run of its own. */
export type PipelineTemplate = {
  kind: "pipeline";
  /** Its name among the pipelines of the JSON (`definitionOf`). */
  pipeline: string;
  options: TaskOptions;
  at?: string;
};

/**
 * A task that is in the store when the pipeline runs: by its id, or by its name, of which the newest is meant that is not archived. A call clones it,
 * its parameters overridden by the call's input.
 */
export type TaskTemplate = {
  kind: "task";
  task: { id: string } | { project?: string; name: string };
  /** In place of the task's own. */
  options: Partial<TaskOptions>;
  input?: JsonSchema;
  output?: JsonSchema;
  at?: string;
};

export type Template = CodeTemplate | PipelineTemplate | TaskTemplate;
