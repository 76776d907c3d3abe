/**
 * What the compiler's temporaries were made of: an operand of a decision that is kept while another one is awaited is explained by what was
 * evaluated then. It lies in a variable of its own, beside the temporary's.
 */
import type { LetNode } from "../../../model/node.ts";
import { initialize, read } from "../expressions/variable.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Declared, Names } from "../graph/scope.ts";
import { beside, deepest, trace, type Weighed } from "./trace.ts";

/** The variable that a `let` declares besides its own. No author's has such a name. */
export function declaredBeside({ declare, target, value, text }: LetNode): Declared[] {
  const isTemporary = declare !== undefined && target?.kind === "variable" && value !== undefined && text !== undefined;
  return isTemporary ? [{ name: beside(target.name), constant: false }] : [];
}

/** Evaluates the value of a `let`, and keeps what it weighed; undefined where nothing is kept. */
export function keeping({ declare, target, value }: LetNode, names: Names, compile: Compile): Evaluate | undefined {
  if (target?.kind !== "variable" || value === undefined) return undefined;
  const name = beside(target.name);
  if (names.find(name) === undefined) return undefined;
  const weigh = trace(value, names, compile);
  const keep = initialize(name, names);
  // `a && await b()` is first the one, then perhaps the other.
  const before = declare === undefined ? read(name, names) : undefined;
  return (scope) => {
    const weighed = weigh(scope);
    keep(scope, before ? after(before(scope) as Weighed, weighed) : weighed);
    return weighed.value;
  };
}

function after(before: Weighed, weighed: Weighed): Weighed {
  if (before.depth >= deepest) return weighed;
  return { ...weighed, before, depth: Math.max(weighed.depth, before.depth + 1) };
}
