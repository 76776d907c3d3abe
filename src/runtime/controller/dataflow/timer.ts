/** Timer: a wait, which is worth what it holds. */
import { defer, from, map } from "rxjs";
import type { TimerNode } from "../../../model/node.ts";
import { timerOf } from "../nodes/timer.ts";
import { type Kind, within } from "./flow.ts";

export const timer: Kind<TimerNode> = (node, { names }, { compile }) => {
  const begin = timerOf(node, names, compile);
  const held = compile.expression(node.value ?? { kind: "global", name: "undefined" }, names);
  return ({ scope, context }) =>
    defer(() => from(within(context, () => begin(scope)))).pipe(map(() => within(context, () => held(scope))));
};
