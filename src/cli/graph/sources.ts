/** Sources: where the values of variables come from, as sets of the ids of shapes. */
import type { Pattern } from "../../model/expression.ts";

export type Sources = ReadonlySet<string>;
/** Variable → the shapes that its value was made from. */
export type Values = Map<string, Sources>;

export const none: Sources = new Set();

/** The variables that a pattern sets as a whole. */
export function namesOf(pattern: Pattern): Set<string> {
  switch (pattern.kind) {
    case "variable":
      return new Set([pattern.name]);
    case "member":
      return new Set();
    case "object":
    case "array": {
      const items = pattern.kind === "object" ? pattern.entries : pattern.items.filter((item) => item !== null);
      const targets = [...items.map(({ target }) => target), ...(pattern.rest ? [pattern.rest] : [])];
      return new Set(targets.flatMap((target) => [...namesOf(target)]));
    }
  }
}

/** Every variable that is named anywhere in an expression. */
export function variablesOf(expression: unknown, found = new Set<string>()): Set<string> {
  if (isVariable(expression)) found.add(expression.name);
  else if (expression !== null && typeof expression === "object")
    for (const inner of Object.values(expression)) variablesOf(inner, found);
  return found;
}

export const isVariable = (value: unknown): value is { kind: "variable"; name: string } =>
  value !== null && typeof value === "object" && (value as { kind?: unknown }).kind === "variable";

export function addAll(into: Set<string>, from: Sources): void {
  for (const source of from) into.add(source);
}

export function unionOf(all: Sources[]): Sources {
  const made = new Set<string>();
  for (const sources of all) addAll(made, sources);
  return made;
}

export function join(a: Values, b: Values): Values {
  const joined: Values = new Map(a);
  for (const [name, sources] of b) {
    const others = a.get(name);
    // What neither way has set is one and the same: in a long body that is nearly all of it.
    if (others !== sources) joined.set(name, others ? unionOf([others, sources]) : sources);
  }
  return joined;
}

export const sizeOf = (values: Values): number =>
  [...values.values()].reduce((size, sources) => size + 1 + sources.size, 0);
