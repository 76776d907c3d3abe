/** What a pipeline is made of: one table, kind → file. */
import type { Node } from "../../../model/node.ts";
import type { Kind } from "../graph/code.ts";
import { awaitNode } from "./await.ts";
import { block } from "./block.ts";
import { branch } from "./branch.ts";
import { breakNode } from "./break.ts";
import { call } from "./call.ts";
import { continueNode } from "./continue.ts";
import { each } from "./each.ts";
import { functionNode } from "./function.ts";
import { letNode } from "./let.ts";
import { loop } from "./loop.ts";
import { returnNode } from "./return.ts";
import { signal } from "./signal.ts";
import { throwNode } from "./throw.ts";
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
  block,
  function: functionNode,
  return: returnNode,
  throw: throwNode,
  break: breakNode,
  continue: continueNode,
} satisfies { [K in Node["kind"]]: Kind<Extract<Node, { kind: K }>> };

export const kindOf = (node: Node): Kind<Node> => kinds[node.kind] as Kind<Node>;
