/** Each: a built-in, such as `map`, called with a function that starts steps. Every call of that function is a turn. */
import type { EachNode } from "../../../model/node.ts";
import { getMember } from "../expressions/access.ts";
import { invoke } from "../expressions/apply.ts";
import { argumentList } from "../expressions/arguments.ts";
import { initialize } from "../expressions/variable.ts";
import { closure } from "../graph/closure.ts";
import type { Kind } from "../graph/code.ts";
import { here } from "../graph/context.ts";
import { weight } from "../graph/weight.ts";

export const each: Kind<EachNode> = {
  declares: ({ into }) => [{ name: into, constant: true }],
  compile(node, { names }, compile) {
    const { id, method } = node;
    const of = compile.expression(node.of, names);
    const make = closure(node.function, names, compile);
    const args = argumentList(node.args, names, compile);
    const keep = initialize(node.into, names);
    const text = () => method;
    const burned = weight(node.function);
    return {
      kind: "plain",
      run(scope) {
        const context = here();
        context.claim(id);
        const receiver = of(scope);
        const builtIn = getMember(receiver, method);
        let n = 0;
        const fn = make(scope, () => {
          n += 1;
          return context.turn(id, n, burned);
        });
        keep(scope, invoke(builtIn, receiver, [fn, ...args(scope)], text));
        return undefined;
      },
    };
  },
};
