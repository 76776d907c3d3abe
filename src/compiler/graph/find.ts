/** Graphs that a file exports: whatever has the type of the builder, however it came to be. */
import { ts } from "ts-morph";
import type { Context } from "../context.ts";
import { readStatic, Unreadable } from "../static.ts";
import { resolved } from "../symbols.ts";
import { isGraph } from "./types.ts";

export type FoundGraph = {
  /** Its own where it can be read, else that of its export: the graph itself says it when it is put together. */
  name: string;
  isNamed: boolean;
  export: string;
  /** Where it is made, or else where its export stands. */
  graph: ts.Node;
};

/** In the order of the exports. One that is exported twice counts once, `default` first. */
export function findGraphs(entry: ts.SourceFile, { checker, dsl }: Context): FoundGraph[] {
  const module = checker.getSymbolAtLocation(entry);
  const found = new Map<ts.Symbol | ts.Node, FoundGraph>();
  for (const symbol of module ? checker.getExportsOfModule(module) : []) {
    const declaration = resolved(checker, symbol).declarations?.[0];
    if (declaration === undefined || !isGraph(typeOf(declaration, checker), dsl)) continue;
    const held = variable(declaration, checker) ?? declaration;
    if (symbol.name !== "default" && found.has(held)) continue;
    const name = nameIn(held, checker);
    found.set(held, {
      name: name ?? symbol.name,
      isNamed: name !== undefined,
      export: symbol.name,
      graph: initializer(held) ?? declaration,
    });
  }
  return [...found.values()];
}

function typeOf(declaration: ts.Declaration, checker: ts.TypeChecker): ts.Type {
  return checker.getTypeAtLocation(ts.isExportAssignment(declaration) ? declaration.expression : declaration);
}

/** `export default g` and `export default g.returns(…)` lead to `const g`. */
function variable(declaration: ts.Declaration, checker: ts.TypeChecker): ts.VariableDeclaration | undefined {
  const made = initializer(declaration);
  const graph = made && (returning(made) ?? (ts.isExportAssignment(declaration) ? made : undefined));
  const symbol = graph && ts.isIdentifier(graph) ? checker.getSymbolAtLocation(graph) : undefined;
  const held = symbol && resolved(checker, symbol).valueDeclaration;
  return held && ts.isVariableDeclaration(held) ? held : undefined;
}

/** Of `g.returns(…)`, `g`. */
function returning(made: ts.Expression): ts.Expression | undefined {
  if (!ts.isCallExpression(made) || !ts.isPropertyAccessExpression(made.expression)) return undefined;
  return made.expression.name.text === "returns" ? made.expression.expression : undefined;
}

/** Of `pipeline.graph("digits")` and `pipeline.graph({ name: "digits" })`. */
function nameIn(held: ts.Node, checker: ts.TypeChecker): string | undefined {
  const call = initializer(held);
  const [first] = call && ts.isCallExpression(call) && !returning(call) ? call.arguments : [];
  try {
    const given = first && readStatic(first, checker);
    return typeof given === "string" ? given : (given as { name?: string } | undefined)?.name;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

function initializer(held: ts.Node): ts.Expression | undefined {
  if (ts.isVariableDeclaration(held)) return held.initializer;
  return ts.isExportAssignment(held) ? held.expression : undefined;
}
