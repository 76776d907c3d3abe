/** What the process that puts a graph together says of it. */
import type { Blueprint } from "../../model/blueprint.ts";
import type { Json } from "../../model/json.ts";
import type { JsonSchema } from "../../model/template.ts";

/** `mark`: of the call that declares it; `options` where they are others than those of its declaration. */
export type Callee = { mark?: number; name?: string; options?: { [option: string]: Json } };

export type Executed = Pick<Blueprint, "options" | "nodes"> & {
  params: { name: string; variable: string }[];
  /** Of the one object that the params are. */
  schema?: JsonSchema;
  callees: Callee[];
};

export type FromChild = { kind: "graph"; graph: Executed } | { kind: "failed"; message: string; stack: string };

/** What the bundle of the author's module says of each step that it declares: `step(…)[mark](3)`. Global, as both sides have a copy of this module. */
export const mark = "reprise.mark";
