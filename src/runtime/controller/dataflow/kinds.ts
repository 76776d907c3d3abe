/** What a graph in data order is made of: one table, kind → file. */
import type { Node } from "../../../model/node.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import { awaitNode } from "./await.ts";
import { branch } from "./branch.ts";
import { call } from "./call.ts";
import { each } from "./each.ts";
import type { Kind } from "./flow.ts";
import { letNode } from "./let.ts";
import { loop } from "./loop.ts";
import { returnNode } from "./return.ts";
import { signal } from "./signal.ts";
import { timer } from "./timer.ts";
import { tryNode } from "./try.ts";

const kinds = {
  call,
  timer,
  signal,
  await: awaitNode,
  let: letNode,
  branch,
  loop,
  each,
  try: tryNode,
  return: returnNode,
} satisfies {
  [K in Node["kind"]]?: Kind<Extract<Node, { kind: K }>>;
};

/** Throws a PipelineError for a kind that has a meaning only in program order. */
export function kindOf({ id, kind }: Node): Kind<Node> {
  if (!Object.hasOwn(kinds, kind))
    throw new PipelineError(`the node "${id}" is a "${kind}", which a graph in data order does not have`);
  return kinds[kind as keyof typeof kinds] as Kind<Node>;
}
