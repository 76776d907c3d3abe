/** Let: computation, kept in what it declares or assigns, or done for what it does. */
import type { LetNode } from "../../../model/node.ts";
import { declaredBy, pattern } from "../expressions/pattern.ts";
import type { Kind } from "../graph/code.ts";

export const letNode: Kind<LetNode> = {
  declares: ({ declare, target }) => (declare && target ? declaredBy(target, declare === "const") : []),
  compile({ declare, target, value = { kind: "global", name: "undefined" } }, { names }, compile) {
    const given = compile.expression(value, names);
    const put = target && pattern(target, names, compile, declare !== undefined).put;
    return {
      kind: "plain",
      run(scope) {
        const result = given(scope);
        if (put) put(scope, result);
        return undefined;
      },
    };
  },
};
