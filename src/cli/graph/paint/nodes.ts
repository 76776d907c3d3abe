/** What each kind of node draws. */
import type { Node } from "../../../model/node.ts";
import { paintBranch } from "./branch.ts";
import { paintCall } from "./call.ts";
import { paintEach } from "./each.ts";
import { paintBreak, paintContinue, paintReturn, paintThrow } from "./leave.ts";
import { paintAwait, paintLet } from "./let.ts";
import { paintLoop } from "./loop.ts";
import type { Painter } from "./painter.ts";
import { paintTry } from "./try.ts";
import { paintSignal, paintTimer } from "./wait.ts";

export function paintNode(painter: Painter, node: Node): void {
  switch (node.kind) {
    case "call":
      return paintCall(painter, node);
    case "timer":
      return paintTimer(painter, node);
    case "signal":
      return paintSignal(painter, node);
    case "await":
      return paintAwait(painter, node);
    case "let":
      return paintLet(painter, node);
    case "branch":
      return paintBranch(painter, node);
    case "loop":
      return paintLoop(painter, node);
    case "each":
      return paintEach(painter, node);
    case "try":
      return paintTry(painter, node);
    case "block":
      return painter.breakable([node.label], false, () => painter.run(node.nodes));
    case "function": // Declared at the start of its region.
      return;
    case "return":
      return paintReturn(painter, node);
    case "throw":
      return paintThrow(painter, node);
    case "break":
      return paintBreak(painter, node);
    case "continue":
      return paintContinue(painter, node);
  }
}
