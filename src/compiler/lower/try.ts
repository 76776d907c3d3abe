import type { ts } from "ts-morph";
import type { Pattern } from "../../model/expression.ts";
import type { TryNode } from "../../model/node.ts";
import { store, wholePattern } from "./destructure.ts";
import type { Region } from "./region.ts";

export function tryStatement(node: ts.TryStatement, region: Region): void {
  const id = region.ids.counted("try");
  const nodes = block(node.tryBlock, region);
  const handler = node.catchClause && catchOf(node.catchClause, region);
  const last = node.finallyBlock && block(node.finallyBlock, region);
  region.emit(node, { kind: "try", id, nodes, ...(handler && { catch: handler }), ...(last && { finally: last }) });
}

function catchOf(clause: ts.CatchClause, region: Region): TryNode["catch"] {
  const inside = region.nested();
  const name = clause.variableDeclaration?.name;
  const target = name && caught(name, inside);
  inside.statement(clause.block);
  return { ...(target && { target }), nodes: inside.nodes };
}

function caught(name: ts.BindingName, inside: Region): Pattern {
  const pattern = wholePattern(name, inside);
  if (pattern) return pattern;
  const target = { kind: "variable", name: inside.shared.names.temporary() } as const;
  store(name, target, "let", inside);
  return target;
}

function block(node: ts.Block, region: Region): TryNode["nodes"] {
  const inside = region.nested();
  inside.statement(node);
  return inside.nodes;
}
