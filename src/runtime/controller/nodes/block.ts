/** Block: statements under a label, which `break` leaves. */
import type { BlockNode } from "../../../model/node.ts";
import { compound, type Kind, type Target } from "../graph/code.ts";
import { leave } from "../graph/exits.ts";

export const block: Kind<BlockNode> = {
  declares: ({ nodes }, compile) => compile.declared(nodes),
  compile({ label, nodes }, environment, compile) {
    const target: Target = { label, loop: false, unlabelled: false };
    const code = compile.region(nodes, { ...environment, targets: [...environment.targets, target] });
    return compound(code.kind === "awaiting", function* (scope) {
      const exit = code.kind === "plain" ? code.run(scope) : yield* code.run(scope);
      return exit && leave(exit, target);
    });
  },
};
