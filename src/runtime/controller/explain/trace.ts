/**
 * Traces: an expression that is evaluated exactly as it would be, and remembers what its parts were. The parts are those that the expression itself
 * evaluates, once each: what a function that it calls does is not seen, nor what an optional chain or a member goes through.
 */
import type { Expression } from "../../../model/expression.ts";
import { expression as compiled } from "../expressions/expression.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names, Scope } from "../graph/scope.ts";

/** What the parts of an expression were; a part that was not evaluated is not there. */
export type Seen = ReadonlyMap<Expression, unknown>;

/** An evaluated expression. */
export type Weighed = { expression: Expression; value: unknown; seen(): Seen };

export type Trace = (scope: Scope) => Weighed;

const unseen: unique symbol = Symbol("unseen");

export function trace(expression: Expression, names: Names, compile: Compile): Trace {
  const parts: Expression[] = [];
  let values: unknown[] = [];

  const noting: Compile = {
    ...compile,
    expression(part, around) {
      // An arrow is evaluated each time it is called.
      if (isKind(part, ["arrow"])) return compile.expression(part, around);
      const inside = isKind(part, ["member", "chain"]) ? compile : noting;
      return isCompound(part) ? noted(part, compiled(part, around, inside)) : compiled(part, around, inside);
    },
  };
  function noted(part: Expression, evaluate: Evaluate): Evaluate {
    const at = parts.push(part) - 1;
    return (scope) => {
      const value = evaluate(scope);
      values[at] = value;
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
      return { expression, value, seen: () => seenOf(parts, own) };
    } finally {
      values = outside;
    }
  };
}

function seenOf(parts: readonly Expression[], values: readonly unknown[]): Seen {
  return new Map(parts.flatMap((part, i) => (values[i] === unseen ? [] : [[part, values[i]]])));
}

const isCompound = (part: Expression): boolean => part !== null && typeof part === "object";

const isKind = (part: Expression, kinds: string[]): boolean =>
  part !== null && typeof part === "object" && kinds.includes(part.kind);
