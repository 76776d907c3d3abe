/** What the process that puts a graph together says of it. */
import type { Blueprint } from "../../model/blueprint.ts";
import type { Json } from "../../model/json.ts";
import type { JsonSchema } from "../../model/template.ts";

/**
 * `mark`: of the call that declares it, or of the class whose `method` it is, or which is the pipeline. `options` where they may be others than those of
 * its declaration.
 */
export type Callee = { mark?: number; name?: string; method?: string; options?: { [option: string]: Json } };

export type Executed = Pick<Blueprint, "options" | "nodes"> & {
  params: { name: string; variable: string }[];
  /** Of the one object that the params are. */
  schema?: JsonSchema;
  callees: Callee[];
};

export type FromChild =
  | { kind: "graph"; graph: Executed }
  | { kind: "failed"; message: string; stack: string }
  /** The module awaits what never comes. */
  | { kind: "waiting" };

/** What the bundle of the author's module says of each step and each class that it declares: `step(…)[mark](3)`, `Trainer[mark](4)`. Global, as both sides have a copy of this module. */
export const mark = "reprise.mark";
