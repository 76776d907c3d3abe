/**
 * A blueprint: what a graph builder has put together. Its steps are still functions, and its schemas whatever the author gave; whoever compiles it makes
 * templates and JSON Schemas of them.
 */
import type { Node, SignalNode } from "./node.ts";
import type { Options } from "./options.ts";

export type Blueprint = {
  options: Options & { name: string };
  params: {
    name: string;
    /** That the nodes read. */
    variable: string;
    /** JSON Schema, a zod schema, or nothing. */
    schema: unknown;
  }[];
  /** In data order. The template of a call is the index of its step in `callees`. */
  nodes: Node[];
  /** Of the signals among them, at any depth, what the author says of their values: JSON Schema or a zod schema. */
  sent: { node: SignalNode; schema: unknown }[];
  /** Steps and pipelines as their authors declared them. */
  callees: object[];
};

/** Global: whoever compiles a builder has its own copy of this module. */
const key = Symbol.for("reprise.blueprint");

export function offerBlueprint(on: object, blueprint: () => Blueprint): void {
  Object.defineProperty(on, key, { value: blueprint });
}

/** `undefined` where the value is no graph builder. Throws where the graph is not complete. */
export function blueprintOf(value: unknown): Blueprint | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as { [key]: () => Blueprint })[key]();
}
