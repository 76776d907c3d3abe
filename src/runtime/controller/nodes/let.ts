/** Let: computation, kept in what it declares or assigns, or done for what it does. */
import type { LetNode } from "../../../model/node.ts";
import { declaredBeside, keeping } from "../explain/kept.ts";
import { declaredBy, pattern } from "../expressions/pattern.ts";
import type { Kind } from "../graph/code.ts";
import { here } from "../graph/context.ts";

export const letNode: Kind<LetNode> = {
  declares: (node) => {
    const { declare, target } = node;
    return declare && target ? [...declaredBy(target, declare === "const"), ...declaredBeside(node)] : [];
  },
  compile(node, { names, told }, compile) {
    const { declare, target, value = { kind: "global", name: "undefined" } } = node;
    const given = compile.expression(value, names);
    const put = target && pattern(target, names, compile, declare !== undefined).put;
    const kept = told ? keeping(node, names, compile) : undefined;
    return {
      kind: "plain",
      run(scope) {
        const result = kept && here().run.host.decide ? kept(scope) : given(scope);
        if (put) put(scope, result);
        return undefined;
      },
    };
  },
};
