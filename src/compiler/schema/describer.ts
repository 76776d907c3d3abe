import type { ts } from "ts-morph";
import type { JsonSchema } from "../../model/template.ts";
import type { Context } from "../context.ts";

/** What each kind of type has at hand to describe its parts. */
export interface Describer {
  readonly context: Context;
  /** Where the whole crosses between steps. */
  readonly node: ts.Node;
  /** `path` is where the part lies in the whole, as a person would write it: `rows[].score`. */
  describe(type: ts.Type, path: string): JsonSchema;
  /** Says that what lies at `path` cannot be passed; anything is admitted in its place, since the pipeline does not compile. */
  refuse(found: string, path: string): JsonSchema;
}
