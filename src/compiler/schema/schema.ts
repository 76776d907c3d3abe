/**
 * Types as JSON Schema (draft 2020-12), read off the type checker.
 *
 * JSON knows fewer kinds of values than steps exchange. Those it lacks are written with `x-type`, the name of their JavaScript class or type:
 * `{ "x-type": "Date" }`, likewise `RegExp`, `URL`, `Error`, `Artifact`, `bigint`, `undefined`, `ArrayBuffer` and the typed arrays by their names;
 * `{ "x-type": "Map", "x-keys": …, "x-values": … }` and `{ "x-type": "Set", "x-values": … }` hold schemas of what is inside. A number is a
 * plain `number`, although it may be `NaN`. `any` and `unknown` are `true`. Recursive types are named in `$defs`.
 *
 * Bounded: below 24 levels, or after 4,000 parts, a part is described as `{ "$comment": "…" }`, which admits anything.
 */
import { ts } from "ts-morph";
import type { JsonSchema } from "../../model/template.ts";
import type { Context } from "../context.ts";
import { rules } from "../rules.ts";
import type { Describer } from "./describer.ts";
import { intersectionOf } from "./intersection.ts";
import { objectOf } from "./object.ts";
import { arrayOf, tupleOf } from "./sequence.ts";
import { unionOf } from "./union.ts";
import { instanceOf } from "./value-types.ts";

const maxDepth = 24;
const maxParts = 4_000;

/** What crosses: `what` names it in problems (`the input of the step "fit"`), `node` is where they are shown. */
export type Boundary = { context: Context; node: ts.Node; what: string };

export function schemaOf(type: ts.Type, boundary: Boundary): JsonSchema {
  const writer = new Writer(boundary);
  const schema = writer.describe(type, "");
  const defs = writer.defs;
  return defs.size === 0 || typeof schema === "boolean" ? schema : { ...schema, $defs: Object.fromEntries(defs) };
}

class Writer implements Describer {
  readonly context: Context;
  readonly node: ts.Node;
  readonly defs = new Map<string, JsonSchema>();
  readonly #what: string;
  readonly #open = new Map<ts.Type, { name?: string }>();
  readonly #names = new Map<ts.Type, string>();
  #depth = 0;
  #parts = 0;

  constructor({ context, node, what }: Boundary) {
    this.context = context;
    this.node = node;
    this.#what = what;
  }

  describe(type: ts.Type, path: string): JsonSchema {
    if (this.#depth >= maxDepth || this.#parts >= maxParts)
      return { $comment: "not described further: the type is too large" };
    const named = this.#names.get(type);
    if (named !== undefined) return { $ref: `#/$defs/${named}` };
    const open = this.#open.get(type);
    if (open !== undefined) {
      open.name ??= this.#nameFor(type);
      return { $ref: `#/$defs/${open.name}` };
    }
    return this.#descend(type, path);
  }

  refuse(found: string, path: string): JsonSchema {
    this.context.problems.report(rules.cannotCross, this.node, { what: capital(this.#what), path, found });
    return true;
  }

  #descend(type: ts.Type, path: string): JsonSchema {
    const open: { name?: string } = {};
    this.#parts++;
    this.#depth++;
    if (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.UnionOrIntersection)) this.#open.set(type, open);
    try {
      const schema = this.#kindOf(type, path);
      if (open.name === undefined) return schema;
      this.#names.set(type, open.name);
      this.defs.set(open.name, schema);
      return { $ref: `#/$defs/${open.name}` };
    } finally {
      this.#open.delete(type);
      this.#depth--;
    }
  }

  #kindOf(type: ts.Type, path: string): JsonSchema {
    const { checker } = this.context;
    const has = (flags: ts.TypeFlags) => (type.flags & flags) !== 0;
    if (has(ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive)) return true;
    if (has(ts.TypeFlags.Never)) return { not: {} };
    if (has(ts.TypeFlags.Undefined | ts.TypeFlags.Void)) return { "x-type": "undefined" };
    if (has(ts.TypeFlags.Null)) return { type: "null" };
    if (has(ts.TypeFlags.BooleanLiteral)) return { const: checker.typeToString(type) === "true" };
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (has(ts.TypeFlags.BigIntLike)) return { "x-type": "bigint" };
    if (has(ts.TypeFlags.ESSymbolLike)) return this.refuse("a symbol", path);
    if (has(ts.TypeFlags.Boolean)) return { type: "boolean" };
    if (type.isUnion()) return unionOf(type.types, path, this);
    if (has(ts.TypeFlags.StringLike)) return { type: "string" };
    if (has(ts.TypeFlags.NumberLike)) return { type: "number" };
    if (type.isIntersection()) return intersectionOf(type, path, this);
    if (has(ts.TypeFlags.Object)) return this.#object(type as ts.ObjectType, path);
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint && constraint !== type ? this.describe(constraint, path) : true;
  }

  #object(type: ts.ObjectType, path: string): JsonSchema {
    const { checker } = this.context;
    if (checker.isTupleType(type)) return tupleOf(type as ts.TupleTypeReference, path, this);
    if (checker.isArrayType(type)) return arrayOf(type as ts.TypeReference, path, this);
    return instanceOf(type, path, this) ?? objectOf(type, path, this);
  }

  #nameFor(type: ts.Type): string {
    const symbol = type.aliasSymbol ?? type.symbol;
    const base = symbol && /^\w+$/.test(symbol.name) && !symbol.name.startsWith("__") ? symbol.name : "Type";
    const taken = new Set([...this.#names.values(), ...[...this.#open.values()].map(({ name }) => name)]);
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}${n}`;
    return name;
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
