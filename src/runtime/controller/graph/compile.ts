/** The compiler of graphs to closures: the two tables, and what every kind is handed. */
import type { Node } from "../../../model/node.ts";
import { link } from "../expressions/chain.ts";
import { expression } from "../expressions/expression.ts";
import { kindOf } from "../nodes/kinds.ts";
import type { Compile } from "./code.ts";
import { region } from "./region.ts";

export const compile: Compile = {
  expression: (each, names) => expression(each, names, compile),
  link: (each, names) => link(each, names, compile),
  region: (nodes, environment) =>
    region(nodes, environment, compile, (node, around) => kindOf(node).compile(node, around, compile)),
  declared: (nodes: readonly Node[]) => nodes.flatMap((node) => kindOf(node).declares?.(node, compile) ?? []),
};
