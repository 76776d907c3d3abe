/** Await: the one thing that holds what follows. */
import type { AwaitNode } from "../../../model/node.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import { declaredBy, pattern } from "../expressions/pattern.ts";
import type { Kind } from "../graph/code.ts";

export const awaitNode: Kind<AwaitNode> = {
  declares: ({ declare, target }) => (declare && target ? declaredBy(target, declare === "const") : []),
  compile({ id, value, declare, target }, { names, async }, compile) {
    if (!async) throw new PipelineError(`the node "${id}" awaits in a function that is not async`);
    return {
      kind: "await",
      value: compile.expression(value, names),
      receive: target ? pattern(target, names, compile, declare !== undefined).put : () => {},
    };
  },
};
