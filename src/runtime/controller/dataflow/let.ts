/** Let: computation that is done for what it does, such as aborting a step that is held by a handle. */
import { defer, EMPTY } from "rxjs";
import type { LetNode } from "../../../model/node.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import { type Kind, within } from "./flow.ts";

export const letNode: Kind<LetNode> = ({ id, target, value }, { names }, { compile }) => {
  if (target !== undefined || value === undefined)
    throw new PipelineError(`the let "${id}" declares a variable, as in program order`);
  const act = compile.expression(value, names);
  return ({ scope, context }) =>
    defer(() => {
      within(context, () => act(scope));
      return EMPTY;
    });
};
