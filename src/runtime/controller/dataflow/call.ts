/** Call: a step, whose output it is worth; or its handle; or nothing, where it goes its own way. */
import { defer, from, of } from "rxjs";
import type { CallNode } from "../../../model/node.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import { argumentList } from "../expressions/arguments.ts";
import { given } from "../nodes/call.ts";
import { type Kind, within } from "./flow.ts";

export const call: Kind<CallNode> = (node, { names }, { compile }) => {
  const { id, template, as } = node;
  if (template === undefined)
    throw new PipelineError(`the call "${id}" is not of a step: a graph in data order has no functions`);
  const args = argumentList(node.args, names, compile);
  return ({ scope, context }) =>
    defer(() => {
      const worth = within(context, () => {
        const [input] = args(scope);
        context.claim(id);
        const path = context.pathOf(id);
        const { host } = context.run;
        return given(host.call(path, node, input), path, node, host);
      });
      return as === undefined ? from(worth as Promise<unknown>) : of(worth);
    });
};
