/** Call: a step, whose output it is worth. */
import { defer, from } from "rxjs";
import type { CallNode } from "../../../model/node.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import { argumentList } from "../expressions/arguments.ts";
import { type Kind, within } from "./flow.ts";

export const call: Kind<CallNode> = (node, { names }, { compile }) => {
  const { id, template, as } = node;
  if (template === undefined || as !== undefined)
    throw new PipelineError(`the call "${id}" is not of a step whose output it gives: data order has no other`);
  const args = argumentList(node.args, names, compile);
  return ({ scope, context }) =>
    defer(() =>
      from(
        within(context, () => {
          const [input] = args(scope);
          context.claim(id);
          return context.run.host.call(context.pathOf(id), node, input);
        }),
      ),
    );
};
