/** Identifiers: a local, something of the module, a global, or a step as a value. */
import { ts } from "ts-morph";
import { globals } from "../../model/builtins.ts";
import type { Expression } from "../../model/expression.ts";
import { stepValue } from "./function.ts";
import type { Region } from "./region.ts";

export function identifier(node: ts.Identifier, region: Region): Expression {
  const { shared } = region;
  if (node.text === "undefined") return { kind: "global", name: "undefined" };
  const step = shared.context.stepOf(node);
  if (step !== undefined) return stepValue(node, step, region);

  const symbol = shared.symbol(node);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined) {
    if (globals.has(node.text)) return { kind: "global", name: node.text };
    return region.report(shared.problems.unknownGlobal, node, { name: node.text });
  }
  const dsl = shared.context.isDsl(node);
  if (dsl !== undefined) return dslValue(node, dsl, region);
  const file = declaration.getSourceFile();
  if (file.isDeclarationFile) return outside(node, file, region);
  if (isPackage(file)) return fromPackage(node, file, region);
  if (isModuleLevel(declaration)) return shared.module(symbol, node, region);
  return { kind: "variable", name: shared.variable(node) };
}

/** Declared at the top of its file: a constant, a function, an enum, a class, or a module itself. */
export function isModuleLevel(declaration: ts.Declaration): boolean {
  let at: ts.Node = declaration;
  while (ts.isBindingElement(at) || ts.isObjectBindingPattern(at) || ts.isArrayBindingPattern(at)) at = at.parent;
  if (ts.isVariableDeclaration(at)) at = at.parent.parent;
  return ts.isSourceFile(at) || ts.isSourceFile(at.parent);
}

function outside(node: ts.Identifier, file: ts.SourceFile, region: Region): Expression {
  if (globals.has(node.text) && !isPackage(file)) return { kind: "global", name: node.text };
  if (globals.has(node.text) && isGlobalLibrary(file)) return { kind: "global", name: node.text };
  if (isPackage(file) && !isGlobalLibrary(file)) return fromPackage(node, file, region);
  return region.report(region.shared.problems.unknownGlobal, node, { name: node.text });
}

function fromPackage(node: ts.Identifier, file: ts.SourceFile, region: Region): Expression {
  const name = /.*\/node_modules\/(?:@types\/)?((?:@[^/]+\/)?[^/]+)/.exec(file.fileName)?.[1] ?? file.fileName;
  return region.report(region.shared.problems.packageValue, node, { name: node.text, package: name });
}

function dslValue(node: ts.Identifier, name: string, region: Region): Expression {
  const { problems } = region.shared;
  if (name === "Task") return region.report(problems.taskInBody, node);
  return region.report(problems.unsupportedExpression, node, {
    what: `\`${name}\` of "reprise"`,
    remedy: region.shared.lifts.begins(name)
      ? `Call it where it is to begin, as in \`(x) => ${name}(x)\`.`
      : "Declare steps and pipelines at the top of the module, and call them in the body.",
  });
}

const isPackage = (file: ts.SourceFile) => file.fileName.includes("/node_modules/");
/** TypeScript's own library, and the types of Node's globals. */
const isGlobalLibrary = (file: ts.SourceFile) =>
  /\/lib\.[^/]*\.d\.ts$|\/node_modules\/@types\/node\//.test(file.fileName);
