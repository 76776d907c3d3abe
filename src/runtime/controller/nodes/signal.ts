/** Signal: begins to wait for what somebody sends. Nothing waits here: what is awaited is its promise. */
import type { SignalNode } from "../../../model/node.ts";
import { initialize } from "../expressions/variable.ts";
import type { Kind } from "../graph/code.ts";
import { here } from "../graph/context.ts";

export const signal: Kind<SignalNode> = {
  declares: ({ into }) => [{ name: into, constant: true }],
  compile({ id, name, options, into }, { names }, compile) {
    const nameOf = compile.expression(name, names);
    const optionsOf = options === undefined ? () => undefined : compile.expression(options, names);
    const keep = initialize(into, names);
    return {
      kind: "plain",
      run(scope) {
        const given = nameOf(scope);
        const how = optionsOf(scope);
        const context = here();
        context.claim(id);
        const { host } = context.run;
        if (!host.signal) throw new TypeError("there are no signals here");
        keep(scope, host.signal(context.pathOf(id), given, how));
        return undefined;
      },
    };
  },
};
