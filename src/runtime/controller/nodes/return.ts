/** Return: leaves the function. A promise is given on as it is. */
import type { ReturnNode } from "../../../model/node.ts";
import type { Kind } from "../graph/code.ts";

export const returnNode: Kind<ReturnNode> = {
  compile({ value = { kind: "global", name: "undefined" } }, { names }, compile) {
    const result = compile.expression(value, names);
    return { kind: "plain", run: (scope) => ({ kind: "return", value: result(scope) }) };
  },
};
