/** Function: a local function, there from the start of its region. */
import type { FunctionNode } from "../../../model/node.ts";
import { initialize } from "../expressions/variable.ts";
import { closure } from "../graph/closure.ts";
import type { Kind } from "../graph/code.ts";
import { weight } from "../graph/weight.ts";

export const functionNode: Kind<FunctionNode> = {
  declares: ({ variable }) => [{ name: variable, constant: false }],
  compile(node, { names }, compile) {
    const make = closure(node.function, names, compile);
    const keep = initialize(node.variable, names);
    const { id } = node.function;
    const burned = weight(node.function);
    return {
      kind: "hoisted",
      run(scope) {
        keep(
          scope,
          make(scope, (caller) => caller.activation(id, burned)),
        );
        return undefined;
      },
    };
  },
};
