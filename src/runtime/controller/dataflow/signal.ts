/** Signal: a wait, which is worth what was sent. */
import { defer, from } from "rxjs";
import type { SignalNode } from "../../../model/node.ts";
import { signalOf } from "../nodes/signal.ts";
import { type Kind, within } from "./flow.ts";

export const signal: Kind<SignalNode> = (node, { names }, { compile }) => {
  const begin = signalOf(node, names, compile);
  return ({ scope, context }) => defer(() => from(within(context, () => begin(scope))));
};
