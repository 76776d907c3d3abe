/** Patterns: what a value is taken apart into, in declarations and assignments, in the order that the language gives it. */
import type { Pattern, PatternEntry, PatternItem } from "../../../model/expression.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import { printPattern } from "../../../model/print-expression.ts";
import { burn } from "../bounds/burn.ts";
import type { Compile } from "../graph/code.ts";
import type { Declared, Names, Scope } from "../graph/scope.ts";
import { getMember, propertyKey, setMember } from "./access.ts";
import { Cursor } from "./cursor.ts";
import { assignVariable, initialize, type Write } from "./variable.ts";

export type Target = {
  put: Write;
  /** A member inside a pattern is evaluated before its value is there. */
  refer?: (scope: Scope) => (value: unknown) => void;
};

/** `declares`: its variables come to be by it. */
export function pattern(target: Pattern, names: Names, compile: Compile, declares = false): Target {
  switch (target.kind) {
    case "variable":
      return { put: (declares ? initialize : assignVariable)(target.name, names) };
    case "member":
      return member(target, names, compile);
    case "object":
      return { put: object(target, names, compile, declares) };
    case "array":
      return { put: array(target, names, compile, declares) };
  }
}

/** The variables that a declaration by this pattern brings. */
export function declaredBy(target: Pattern, constant: boolean): Declared[] {
  switch (target.kind) {
    case "variable":
      return [{ name: target.name, constant }];
    case "member":
      throw new PipelineError(`the graph declares ${printPattern(target)}, which is no variable`);
    default: {
      const items = target.kind === "object" ? target.entries : target.items.filter((item) => item !== null);
      const inner = items.flatMap((item) => declaredBy(item.target, constant));
      return target.rest ? [...inner, ...declaredBy(target.rest, constant)] : inner;
    }
  }
}

function member({ of, key }: Extract<Pattern, { kind: "member" }>, names: Names, compile: Compile): Target {
  const object = compile.expression(of, names);
  const name = compile.expression(key, names);
  const refer = (scope: Scope) => {
    const at = object(scope);
    const to = name(scope);
    return (value: unknown) => setMember(at, to, value);
  };
  return { put: (scope, value) => refer(scope)(value), refer };
}

/** Takes the value when asked, for the time between the target's evaluation and the writing. */
type Take = (scope: Scope, value: () => unknown) => void;

/** One item: its target is evaluated, then the value taken, the default in its stead where it is undefined, then it is written. */
export function item(
  { target, default: missing }: PatternItem,
  names: Names,
  compile: Compile,
  declares: boolean,
): Take {
  const { put, refer } = pattern(target, names, compile, declares);
  const fallback = missing === undefined ? undefined : compile.expression(missing, names);
  return (scope, value) => {
    const write = refer?.(scope);
    const given = value();
    const written = given === undefined && fallback ? fallback(scope) : given;
    if (write) write(written);
    else put(scope, written);
  };
}

function object(
  { entries, rest }: Extract<Pattern, { kind: "object" }>,
  names: Names,
  compile: Compile,
  declares: boolean,
): Write {
  const parts = entries.map((entry) => property(entry, names, compile, declares));
  const others = rest && item({ target: rest }, names, compile, declares);
  return (scope, value) => {
    if (value === null || value === undefined) throw new TypeError(`Cannot destructure '${value}' as it is ${value}.`);
    const taken: string[] = [];
    for (const part of parts) taken.push(part(scope, value));
    others?.(scope, () => without(taken, value));
  };
}

/** Gives the key that it took. */
function property(
  entry: PatternEntry,
  names: Names,
  compile: Compile,
  declares: boolean,
): (scope: Scope, of: unknown) => string {
  const key = compile.expression(entry.key, names);
  const take = item(entry, names, compile, declares);
  return (scope, of) => {
    const name = propertyKey(key(scope));
    take(scope, () => getMember(of, name));
    return name;
  };
}

function without(keys: readonly string[], of: unknown): object {
  const rest: Record<string, unknown> = { ...(of as object) };
  burn(Object.keys(rest).length);
  for (const key of keys) delete rest[key];
  return rest;
}

function array(
  { items, rest }: Extract<Pattern, { kind: "array" }>,
  names: Names,
  compile: Compile,
  declares: boolean,
): Write {
  const parts = items.map((each) => each && item(each, names, compile, declares));
  const others = rest && item({ target: rest }, names, compile, declares);
  return (scope, value) => {
    const cursor = new Cursor(value);
    cursor.closing(() => {
      for (const part of parts) {
        if (part) part(scope, () => cursor.next());
        else cursor.next();
      }
      others?.(scope, () => cursor.rest());
    });
  };
}
