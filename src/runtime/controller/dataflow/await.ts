/** Await: worth what a promise of the graph brings, such as the result of a step that is held by a handle. */
import { defer, from } from "rxjs";
import type { AwaitNode } from "../../../model/node.ts";
import { type Kind, within } from "./flow.ts";

export const awaitNode: Kind<AwaitNode> = ({ value }, { names }, { compile }) => {
  const promise = compile.expression(value, names);
  return ({ scope, context }) => defer(() => from(Promise.resolve(within(context, () => promise(scope)))));
};
