/** Array literals, with spreads and holes. */
import type { Argument, Expression, Item } from "../../../model/expression.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names, Scope } from "../graph/scope.ts";
import { argumentList } from "./arguments.ts";

export function array({ items }: Extract<Expression, { kind: "array" }>, names: Names, compile: Compile): Evaluate {
  if (items.every(isArgument)) return argumentList(items, names, compile);
  const parts = items.map((item) => (isArgument(item) ? argumentList([item], names, compile) : undefined));
  return (scope) => withHoles(parts, scope);
}

const isArgument = (item: Item): item is Argument => item === null || typeof item !== "object" || item.kind !== "hole";

function withHoles(parts: readonly (((scope: Scope) => unknown[]) | undefined)[], scope: Scope): unknown[] {
  const array: unknown[] = [];
  for (const part of parts) {
    if (part) for (const value of part(scope)) array.push(value);
    else array.length += 1;
  }
  return array;
}
