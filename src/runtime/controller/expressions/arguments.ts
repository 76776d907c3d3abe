/** Arguments of a call, left to right, spreads iterated. */
import type { Argument } from "../../../model/expression.ts";
import { capItems } from "../bounds/caps.ts";
import { burningIterable } from "../bounds/iterables.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names, Scope } from "../graph/scope.ts";

export function argumentList(args: readonly Argument[], names: Names, compile: Compile): (scope: Scope) => unknown[] {
  const parts = args.map((argument) => part(argument, names, compile));
  const values = parts.map(({ value }) => value);
  if (parts.some(({ spread }) => spread)) return (scope) => spreadOut(parts, scope);
  const [first, second] = values;
  if (first === undefined) return () => [];
  if (second === undefined) return (scope) => [first(scope)];
  if (values.length === 2) return (scope) => [first(scope), second(scope)];
  return (scope) => {
    const list: unknown[] = [];
    for (let i = 0; i < values.length; i += 1) list.push((values[i] as Evaluate)(scope));
    return list;
  };
}

type Part = { spread: boolean; value: Evaluate };

function part(argument: Argument, names: Names, compile: Compile): Part {
  const spread = argument !== null && typeof argument === "object" && argument.kind === "spread";
  return { spread, value: compile.expression(spread ? argument.of : argument, names) };
}

function spreadOut(parts: readonly Part[], scope: Scope): unknown[] {
  const list: unknown[] = [];
  for (const { spread, value } of parts) {
    if (spread) {
      for (const each of burningIterable(value(scope)) as Iterable<unknown>) list.push(each);
      capItems(list.length);
    } else list.push(value(scope));
  }
  return list;
}
