/** Branch: one of its regions, whose worth is its own. */
import { defaultIfEmpty, defer, of, throwError } from "rxjs";
import type { BranchNode } from "../../../model/node.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import { choiceOf } from "../nodes/branch.ts";
import { type Kind, Skipped, within } from "./flow.ts";

export const branch: Kind<BranchNode> = (node, environment, { compile, region }) => {
  const { id, on, cases, otherwise, skips } = node;
  if (on !== undefined) throw new PipelineError(`the branch "${id}" is a switch, which data order does not have`);
  const choose = choiceOf(node, { names: environment.names, told: true }, compile);
  const ways = cases.map(({ nodes }) => region(nodes, environment));
  const last = otherwise && region(otherwise.nodes, environment);
  return (frame) =>
    defer(() => {
      const way = ways[within(frame.context, () => choose(frame.scope))] ?? last;
      if (way !== undefined) return way(frame).pipe(defaultIfEmpty(undefined));
      return skips ? throwError(() => new Skipped(`${frame.context.pathOf(id)} was not taken`)) : of(undefined);
    });
};
