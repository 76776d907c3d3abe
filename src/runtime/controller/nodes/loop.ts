/** Loop: a region again and again. What a turn declares is that turn's own; its path counts from 1. */
import type { LoopNode } from "../../../model/node.ts";
import type { Compile, Environment, Kind, Step } from "../graph/code.ts";
import { awaited } from "./loop/awaited.ts";
import { over } from "./loop/over.ts";
import { tested } from "./loop/tested.ts";

const forms = {
  while: tested,
  do: tested,
  for: tested,
  of: over,
  in: over,
  await: awaited,
} satisfies Record<LoopNode["form"], (node: LoopNode, environment: Environment, compile: Compile) => Step>;

export const loop: Kind<LoopNode> = {
  compile: (node, environment, compile) => forms[node.form](node, environment, compile),
};
