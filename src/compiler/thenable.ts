import type { ts } from "ts-morph";

/** Would `await` wait for it? Then it has a method `then`; a plain field of that name is data. */
export function isThenable(type: ts.Type, checker: ts.TypeChecker): boolean {
  const then = checker.getPropertyOfType(type, "then");
  return then !== undefined && checker.getNonNullableType(checker.getTypeOfSymbol(then)).getCallSignatures().length > 0;
}
