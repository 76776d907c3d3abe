/** Wait: what timers and signals have in common. It is begun here; what is awaited is its promise. */
import type { SignalNode, TimerNode } from "../../../model/node.ts";
import { initialize } from "../expressions/variable.ts";
import type { Compile, Kind } from "../graph/code.ts";
import type { Names, Scope } from "../graph/scope.ts";

/** `begins` gives what begins the wait, in the context that runs then. */
export function wait<N extends TimerNode | SignalNode>(
  begins: (node: N, names: Names, compile: Compile) => (scope: Scope) => Promise<unknown>,
): Kind<N> {
  return {
    declares: ({ into }) => [{ name: into, constant: true }],
    compile(node, { names }, compile) {
      const begin = begins(node, names, compile);
      const keep = initialize(node.into, names);
      return {
        kind: "plain",
        run(scope) {
          keep(scope, begin(scope));
          return undefined;
        },
      };
    },
  };
}
