/** `if` and `switch`. */
import { ts } from "ts-morph";
import type { Expression } from "../../model/expression.ts";
import type { Node } from "../../model/node.ts";
import type { Region } from "./region.ts";
import { textOf } from "./syntax.ts";

export function ifStatement(node: ts.IfStatement, region: Region): void {
  const when = region.expression(node.expression);
  const id = region.ids.counted("if");
  const cases = [{ when, nodes: statement(node.thenStatement, region) }];
  let otherwise = node.elseStatement;
  // `else if` is one more case, unless its test needs nodes of its own.
  while (otherwise && ts.isIfStatement(otherwise) && !region.shared.lifts.has(otherwise.expression)) {
    const test = region.nested();
    const value = test.expression(otherwise.expression);
    if (test.nodes.length > 0) region.nodes.push(...test.nodes); // functions: declaring them early changes nothing
    cases.push({ when: value, nodes: statement(otherwise.thenStatement, region) });
    otherwise = otherwise.elseStatement;
  }
  const text = textOf(node.expression);
  region.emit(node, {
    kind: "branch",
    id,
    cases,
    ...(otherwise && { otherwise: { nodes: statement(otherwise, region) } }),
    text,
  });
}

export function switchStatement(node: ts.SwitchStatement, region: Region): void {
  const on = region.expression(node.expression);
  const id = region.ids.counted("switch");
  const cases: { when: Expression; nodes: Node[] }[] = [];
  let otherwise: { nodes: Node[]; at: number } | undefined;
  for (const clause of node.caseBlock.clauses) {
    const inside = region.nested();
    const when = ts.isCaseClause(clause) ? region.pure(clause.expression, "a case of a switch") : null;
    inside.statements(clause.statements);
    if (ts.isCaseClause(clause)) cases.push({ when, nodes: inside.nodes });
    else otherwise = { nodes: inside.nodes, at: cases.length };
  }
  region.emit(node, {
    kind: "branch",
    id,
    on,
    cases,
    ...(otherwise && { otherwise }),
    text: textOf(node.expression),
  });
}

function statement(node: ts.Statement, region: Region): Node[] {
  const inside = region.nested();
  inside.statement(node);
  return inside.nodes;
}
