/** `if` and `switch`. */
import { ts } from "ts-morph";
import type { Expression } from "../../model/expression.ts";
import type { BranchCase, Node } from "../../model/node.ts";
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
  const { clauses } = node.caseBlock;
  const lifted = clauses.some((clause) => ts.isCaseClause(clause) && region.shared.lifts.has(clause.expression));
  const on = lifted ? chosen(node, region) : region.expression(node.expression);
  const id = region.ids.counted("switch");
  const cases: BranchCase[] = [];
  let otherwise: { nodes: Node[]; at: number } | undefined;
  for (const [i, clause] of clauses.entries()) {
    const inside = region.nested();
    const when = ts.isDefaultClause(clause) || lifted ? i : region.expression(clause.expression);
    inside.statements(clause.statements);
    if (ts.isCaseClause(clause))
      cases.push({ when, nodes: inside.nodes, ...(lifted && { text: textOf(clause.expression) }) });
    else otherwise = { nodes: inside.nodes, at: cases.length };
  }
  const text = textOf(node.expression);
  region.emit(node, { kind: "branch", id, on, cases, ...(otherwise && { otherwise }), text });
}

/** Where a case has something lifted: the index of the clause that is chosen, found case by case, as the language does; -1 for none. */
function chosen(node: ts.SwitchStatement, region: Region): Expression {
  const on = region.temporary(region.expression(node.expression), node.expression);
  const found = region.temporary(-1, node.expression, "let");
  for (const [i, clause] of node.caseBlock.clauses.entries()) {
    if (ts.isDefaultClause(clause)) continue;
    const inside = region.nested();
    const equal: Expression = { kind: "binary", op: "===", left: on, right: inside.expression(clause.expression) };
    inside.assign(found.name, { kind: "conditional", test: equal, then: i, else: -1 }, clause.expression);
    const when: Expression = { kind: "binary", op: "<", left: found, right: 0 };
    const text = textOf(clause.expression);
    region.emit(clause, { kind: "branch", id: region.ids.counted("if"), cases: [{ when, nodes: inside.nodes }], text });
  }
  return found;
}

function statement(node: ts.Statement, region: Region): Node[] {
  const inside = region.nested();
  inside.statement(node);
  return inside.nodes;
}
