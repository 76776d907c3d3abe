/** Return: what the region is worth. */
import { defer, of } from "rxjs";
import type { ReturnNode } from "../../../model/node.ts";
import { type Kind, within } from "./flow.ts";

export const returnNode: Kind<ReturnNode> = (
  { value = { kind: "global", name: "undefined" } },
  { names },
  { compile },
) => {
  const result = compile.expression(value, names);
  return ({ scope, context }) => defer(() => of(within(context, () => result(scope))));
};
