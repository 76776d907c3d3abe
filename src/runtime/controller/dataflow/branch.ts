/** Branch: one of its regions, whose worth is its own. */
import { defaultIfEmpty, defer, of } from "rxjs";
import type { BranchNode } from "../../../model/node.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import { choiceOf } from "../nodes/branch.ts";
import { type Kind, within } from "./flow.ts";

export const branch: Kind<BranchNode> = (node, environment, { compile, region }) => {
  const { id, on, cases, otherwise } = node;
  if (on !== undefined) throw new PipelineError(`the branch "${id}" is a switch, which data order does not have`);
  const choose = choiceOf(node, { names: environment.names, told: true }, compile);
  const ways = cases.map(({ nodes }) => region(nodes, environment));
  const last = otherwise && region(otherwise.nodes, environment);
  return (frame) =>
    defer(() => {
      const way = ways[within(frame.context, () => choose(frame.scope))] ?? last;
      return way === undefined ? of(undefined) : way(frame).pipe(defaultIfEmpty(undefined));
    });
};
