/** Variables: read, assigned and declared, by the slot that their name was resolved to. */
import type { Expression } from "../../../model/expression.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import { sourceName } from "../../../model/print-expression.ts";
import type { Evaluate } from "../graph/code.ts";
import { type Found, type Names, type Scope, scopeAt, unset } from "../graph/scope.ts";

export function variable({ name }: Extract<Expression, { kind: "variable" }>, names: Names): Evaluate {
  return read(name, names);
}

/** Throws a ReferenceError while the variable is not yet declared. */
export function read(name: string, names: Names): Evaluate {
  const { hops, slot } = find(name, names);
  const checked = (value: unknown) => (value === unset ? tooEarly(name) : value);
  if (hops === 0) return (scope) => checked(scope[slot]);
  if (hops === 1) return (scope) => checked((scope[0] as Scope)[slot]);
  return (scope) => checked(scopeAt(scope, hops)[slot]);
}

export type Write = (scope: Scope, value: unknown) => void;

/** What a declaration does. */
export function initialize(name: string, names: Names): Write {
  const { hops, slot } = find(name, names);
  if (hops === 0)
    return (scope, value) => {
      scope[slot] = value;
    };
  return (scope, value) => {
    scopeAt(scope, hops)[slot] = value;
  };
}

/** Throws a ReferenceError while the variable is not yet declared, and a TypeError where it is a constant. */
export function assignVariable(name: string, names: Names): Write {
  const { hops, slot, constant } = find(name, names);
  return (scope, value) => {
    const at = hops === 0 ? scope : scopeAt(scope, hops);
    if (at[slot] === unset) tooEarly(name);
    if (constant) throw new TypeError("Assignment to constant variable.");
    at[slot] = value;
  };
}

function find(name: string, names: Names): Found {
  const found = names.find(name);
  if (found === undefined)
    throw new PipelineError(`the graph uses the variable "${name}", which nothing around declares`);
  return found;
}

function tooEarly(name: string): never {
  throw new ReferenceError(`Cannot access '${sourceName(name)}' before initialization`);
}
