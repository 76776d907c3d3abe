/** Throw: of anything, as in the language. */
import type { ThrowNode } from "../../../model/node.ts";
import type { Kind } from "../graph/code.ts";

export const throwNode: Kind<ThrowNode> = {
  compile({ value }, { names }, compile) {
    const thrown = compile.expression(value, names);
    return {
      kind: "plain",
      run(scope) {
        throw thrown(scope);
      },
    };
  },
};
