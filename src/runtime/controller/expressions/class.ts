/** Classes of errors of the author's: their code stays with the steps, a body knows them by name. */
import type { Expression } from "../../../model/expression.ts";
import type { Evaluate } from "../graph/code.ts";

export class ErrorClass {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export function errorClass({ name }: Extract<Expression, { kind: "class" }>): Evaluate {
  const value = new ErrorClass(name);
  return () => value;
}
