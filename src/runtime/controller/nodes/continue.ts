/** Continue: goes on with the next turn of a loop. */
import type { ContinueNode } from "../../../model/node.ts";
import type { Exit, Kind } from "../graph/code.ts";
import { targetOf } from "../graph/exits.ts";

export const continueNode: Kind<ContinueNode> = {
  compile({ label }, environment) {
    const exit: Exit = { kind: "continue", target: targetOf("continue", label, environment) };
    return { kind: "plain", run: () => exit };
  },
};
