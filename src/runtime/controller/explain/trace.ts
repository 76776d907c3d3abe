/**
 * Traces: an expression that is evaluated exactly as it would be, and remembers what its parts were. The parts are those that the expression itself
 * evaluates, once each: what a function that it calls does is not seen, nor what an optional chain or a member goes through.
 */
import type { Expression } from "../../../model/expression.ts";
import { expression as compiled } from "../expressions/expression.ts";
import { read } from "../expressions/variable.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names, Scope } from "../graph/scope.ts";

/** An evaluated expression. */
export type Weighed = {
  expression: Expression;
  value: unknown;
  seen(): Seen;
  /** Of a temporary that was set again: what it was before. */
  before?: Weighed;
  /** How many others it is made of, one in the other. */
  depth: number;
};

/** What is made of more than that is a value like any other: a graph of anybody's may go on for ever. */
export const deepest = 16;

/** What the parts of an expression were; a part that was not evaluated is not there. A temporary is what it was made of. */
export type Seen = ReadonlyMap<Expression, unknown>;

export type Trace = (scope: Scope) => Weighed;

const unseen: unique symbol = Symbol("unseen");

export function trace(expression: Expression, names: Names, compile: Compile): Trace {
  const parts: Expression[] = [];
  let values: unknown[] = [];

  const noting: Compile = {
    ...compile,
    expression(part, around) {
      // An arrow is evaluated each time it is called.
      if (!isCompound(part) || part.kind === "arrow") return compile.expression(part, around);
      const inside = part.kind === "member" || part.kind === "chain" ? compile : noting;
      return noted(part, compiled(part, around, inside), originOf(part, around));
    },
  };
  function noted(part: Compound, evaluate: Evaluate, origin: Evaluate | undefined): Evaluate {
    const at = parts.push(part) - 1;
    return (scope) => {
      const value = evaluate(scope);
      values[at] = origin ? madeOf(value, origin(scope) as Weighed) : value;
      return value;
    };
  }

  const evaluate = noting.expression(expression, names);
  const blank = parts.map(() => unseen);
  return (scope) => {
    const outside = values; // a function that it calls may come here again
    const own: unknown[] = blank.slice();
    values = own;
    try {
      const value = evaluate(scope);
      return { expression, value, seen: () => seenOf(parts, own), depth: depthOf(own) };
    } finally {
      values = outside;
    }
  };
}

/** The value of a temporary, and what was evaluated for it. */
export class Made {
  readonly value: unknown;
  readonly of: Weighed;

  constructor(value: unknown, of: Weighed) {
    this.value = value;
    this.of = of;
  }
}

/** The variable in which lies what a temporary was made of. No author's has such a name. */
export const beside = (temporary: string): string => `${temporary}?`;

function originOf(part: Compound, names: Names): Evaluate | undefined {
  if (part.kind !== "variable") return undefined;
  const name = beside(part.name);
  return names.find(name) && read(name, names);
}

const madeOf = (value: unknown, of: Weighed): unknown => (of.depth < deepest ? new Made(value, of) : value);

function depthOf(values: readonly unknown[]): number {
  let depth = 0;
  for (const value of values) if (value instanceof Made && value.of.depth >= depth) depth = value.of.depth + 1;
  return depth;
}

function seenOf(parts: readonly Expression[], values: readonly unknown[]): Seen {
  const seen = new Map<Expression, unknown>();
  for (const [i, part] of parts.entries()) if (values[i] !== unseen) seen.set(part, values[i]);
  return seen;
}

type Compound = Extract<Expression, { kind: string }>;

const isCompound = (part: Expression): part is Compound => part !== null && typeof part === "object";
