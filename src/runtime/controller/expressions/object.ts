/** Object literals, with computed keys and spreads. */
import type { Entry, Expression } from "../../../model/expression.ts";
import { burn } from "../bounds/burn.ts";
import { lengthOf } from "../bounds/size.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names, Scope } from "../graph/scope.ts";
import { propertyKey } from "./access.ts";

type Put = (object: Record<string, unknown>, scope: Scope) => void;

export function object({ entries }: Extract<Expression, { kind: "object" }>, names: Names, compile: Compile): Evaluate {
  const puts = entries.map((entry) => put(entry, names, compile));
  return (scope) => {
    const made = {};
    for (let i = 0; i < puts.length; i += 1) (puts[i] as Put)(made, scope);
    return made;
  };
}

function put(entry: Entry, names: Names, compile: Compile): Put {
  if ("kind" in entry) {
    const of = compile.expression(entry.of, names);
    return (made, scope) => spread(made, of(scope));
  }
  const value = compile.expression(entry.value, names);
  const { key } = entry;
  if (typeof key === "string" && key !== "__proto__")
    return (made, scope) => {
      made[key] = value(scope);
    };
  const computed = compile.expression(key, names);
  return (made, scope) => {
    const name = propertyKey(computed(scope));
    if (name === "__proto__") throw new TypeError("an object cannot have a key '__proto__' in a pipeline's body");
    made[name] = value(scope);
  };
}

/** Defines each property, a key `__proto__` from parsed JSON too, which an assignment would take for the prototype. */
function spread(made: Record<string, unknown>, of: unknown): void {
  burn(lengthOf(of));
  const from: Record<string, unknown> = { ...(of as object) };
  const keys = Object.keys(from);
  burn(keys.length);
  for (const key of keys)
    Object.defineProperty(made, key, { value: from[key], writable: true, enumerable: true, configurable: true });
}
