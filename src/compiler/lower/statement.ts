/** The table of statements: kind of syntax → how it is lowered. */
import { ts } from "ts-morph";
import { ifStatement, switchStatement } from "./branch.ts";
import { functionDeclaration } from "./function.ts";
import { breakStatement, continueStatement, returnStatement, throwStatement } from "./leave.ts";
import { declarations, expressionStatement } from "./let.ts";
import { forLoop, overLoop, whileLoop } from "./loop.ts";
import type { Region } from "./region.ts";
import { tryStatement } from "./try.ts";

const { SyntaxKind } = ts;

type Lowering = (node: never, region: Region, label?: string) => void;

const nothing = () => undefined;

const table: ReadonlyMap<ts.SyntaxKind, Lowering> = new Map<ts.SyntaxKind, Lowering>([
  [SyntaxKind.VariableStatement, (node: ts.VariableStatement, region) => declarations(node.declarationList, region)],
  [SyntaxKind.ExpressionStatement, expressionStatement],
  [SyntaxKind.FunctionDeclaration, functionDeclaration],
  [SyntaxKind.IfStatement, ifStatement],
  [SyntaxKind.SwitchStatement, switchStatement],
  [SyntaxKind.WhileStatement, whileLoop],
  [SyntaxKind.DoStatement, whileLoop],
  [SyntaxKind.ForStatement, forLoop],
  [SyntaxKind.ForOfStatement, overLoop],
  [SyntaxKind.ForInStatement, overLoop],
  [SyntaxKind.TryStatement, tryStatement],
  [SyntaxKind.LabeledStatement, labelled],
  [SyntaxKind.Block, (node: ts.Block, region) => region.statements(node.statements)],
  [SyntaxKind.ReturnStatement, returnStatement],
  [SyntaxKind.ThrowStatement, throwStatement],
  [SyntaxKind.BreakStatement, breakStatement],
  [SyntaxKind.ContinueStatement, continueStatement],
  [SyntaxKind.EmptyStatement, nothing],
  [SyntaxKind.DebuggerStatement, nothing],
  [SyntaxKind.TypeAliasDeclaration, nothing],
  [SyntaxKind.InterfaceDeclaration, nothing],
]);

export function statement(node: ts.Statement, region: Region, label?: string): void {
  const lowering = table.get(node.kind);
  if (lowering) lowering(node as never, region, label);
  else unsupported(node, region);
}

/** A label of a loop is the loop's; of anything else it names a block. */
function labelled(node: ts.LabeledStatement, region: Region): void {
  const label = node.label.text;
  if (ts.isIterationStatement(node.statement, false)) return statement(node.statement, region, label);
  const inside = region.nested();
  inside.statement(node.statement);
  region.emit(node, { kind: "block", id: region.ids.named(label), label, nodes: inside.nodes });
}

const unsupportedKinds: ReadonlyMap<ts.SyntaxKind, { what: string; remedy: string }> = new Map([
  [SyntaxKind.ClassDeclaration, { what: "A class", remedy: "Use plain objects and functions, or make it a step." }],
  [SyntaxKind.EnumDeclaration, { what: "An enum", remedy: "Declare it at the top of the module." }],
  [SyntaxKind.WithStatement, { what: "`with`", remedy: "Name the object." }],
]);

function unsupported(node: ts.Statement, region: Region): void {
  const first = node.getText().split("\n")[0] ?? "";
  region.report(
    region.shared.problems.unsupportedStatement,
    node,
    unsupportedKinds.get(node.kind) ?? { what: `\`${first}\`` },
  );
}
