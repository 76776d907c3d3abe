/** What puts graphs together is no part of any step: those statements leave the module before a step of it is bundled. */
import { ts } from "ts-morph";
import type { Context } from "../context.ts";
import { blanks, type Edit, insertion } from "../edits.ts";
import { isGraph, isReference } from "./types.ts";

/** The declaration of a graph itself stays, marked as pure like all others: other modules may import it. */
export function bareGraphs(source: ts.SourceFile, context: Context): Edit[] {
  const known = knownTo.get(context) ?? new Map<ts.SourceFile, Edit[]>();
  knownTo.set(context, known);
  const edits = known.get(source) ?? withoutGraphs(source, context);
  known.set(source, edits);
  return edits;
}

/** Every step of a module asks. */
const knownTo = new WeakMap<Context, Map<ts.SourceFile, Edit[]>>();

function withoutGraphs(source: ts.SourceFile, context: Context): Edit[] {
  return source.statements.flatMap((statement) => {
    const graph = graphIn(statement, context);
    if (graph) return insertion(graph.getStart(source), "/* @__PURE__ */ ");
    return isBuilding(statement, context) ? blanks(source.text, statement.getStart(source), statement.getEnd()) : [];
  });
}

function isBuilding(statement: ts.Statement, context: Context): boolean {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || isType(statement)) return false;
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return false;
  return mentionsGraph(statement, context);
}

const isType = (statement: ts.Statement) =>
  ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);

/** Of `const g = pipeline.graph("digits")`, the call. */
function graphIn(statement: ts.Statement, { dsl }: Context): ts.Expression | undefined {
  if (!ts.isVariableStatement(statement)) return undefined;
  const [declaration, ...more] = statement.declarationList.declarations;
  const made = declaration?.initializer;
  return made && more.length === 0 && dsl.graph(made) ? made : undefined;
}

/** What only builds graphs has one in its hands, or a reference; a step's own function has neither. */
function mentionsGraph(node: ts.Node, context: Context): boolean {
  const { checker, dsl } = context;
  if (ts.isCallExpression(node) && dsl.wrapper(node)) return false;
  if (ts.isIdentifier(node)) {
    const type = checker.getTypeAtLocation(node);
    return isGraph(type, dsl) || isReference(type, dsl);
  }
  return ts.forEachChild(node, (child) => mentionsGraph(child, context)) ?? false;
}
