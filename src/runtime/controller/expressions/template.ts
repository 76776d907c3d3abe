/** Template strings. */
import type { Expression } from "../../../model/expression.ts";
import { capText } from "../bounds/caps.ts";
import { burnCoercion } from "../bounds/size.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names } from "../graph/scope.ts";

export function template(
  { strings, values }: Extract<Expression, { kind: "template" }>,
  names: Names,
  compile: Compile,
): Evaluate {
  const parts = values.map((value) => compile.expression(value, names));
  return (scope) => {
    let text = strings[0] ?? "";
    for (let i = 0; i < parts.length; i += 1) {
      const value = (parts[i] as Evaluate)(scope);
      burnCoercion(value);
      text += `${value}${strings[i + 1] ?? ""}`;
      capText(text.length);
    }
    return text;
  };
}
