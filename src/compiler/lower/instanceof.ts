/** `instanceof`: of built-in classes, and of an author's class of errors, which the body knows by its name. */
import { ts } from "ts-morph";
import type { Expression } from "../../model/expression.ts";
import type { Region } from "./region.ts";
import { unwrap } from "./syntax.ts";

export function instanceOf(node: ts.BinaryExpression, region: Region): Expression {
  const name = errorClass(node.right, region);
  if (name === undefined) {
    const [left = null, right = null] = region.operands([node.left, node.right]);
    return { kind: "binary", op: "instanceof", left, right };
  }
  return { kind: "binary", op: "instanceof", left: region.expression(node.left), right: { kind: "class", name } };
}

/** The name of a class of the project, or of a package, that extends `Error`. */
function errorClass(node: ts.Expression, region: Region): string | undefined {
  const { shared } = region;
  const named = unwrap(node);
  const name = ts.isPropertyAccessExpression(named) ? named.name : named;
  if (!ts.isIdentifier(name)) return undefined;
  const symbol = shared.symbol(name);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || !ts.isClassDeclaration(declaration)) return undefined;
  return extendsError(shared.context.checker.getDeclaredTypeOfSymbol(symbol)) ? symbol.name : undefined;
}

function extendsError(type: ts.Type): boolean {
  return (type.getBaseTypes() ?? []).some((base) => base.symbol?.name === "Error" || extendsError(base));
}
