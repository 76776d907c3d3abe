/** Break: leaves a loop, a `switch` or a labelled block. */
import type { BreakNode } from "../../../model/node.ts";
import type { Exit, Kind } from "../graph/code.ts";
import { targetOf } from "../graph/exits.ts";

export const breakNode: Kind<BreakNode> = {
  compile({ label }, environment) {
    const exit: Exit = { kind: "break", target: targetOf("break", label, environment) };
    return { kind: "plain", run: () => exit };
  },
};
