/** Member access: `a.b` and `a[b]`, where a pipeline's body may reach that member. */
import { ts } from "ts-morph";
import { globals, members } from "../../model/builtins.ts";
import type { Expression } from "../../model/expression.ts";
import type { Region } from "./region.ts";
import { rootOf, unwrap } from "./syntax.ts";

export type Access = ts.PropertyAccessExpression | ts.ElementAccessExpression;

export const isAccess = (node: ts.Node): node is Access =>
  ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);

export function member(node: Access, region: Region): Expression {
  const imported = ofNamespace(node, region);
  if (imported !== undefined) return imported;
  const { of, key } = memberOperands(node, region);
  checkMember(node, of, region);
  return { kind: "member", of, key };
}

/** The receiver and the key, in that order, each kept where what follows is awaited. */
export function memberOperands(node: Access, region: Region): { of: Expression; key: Expression } {
  if (ts.isPropertyAccessExpression(node)) {
    if (ts.isPrivateIdentifier(node.name)) unsupported(node.name, "A private field", region);
    return { of: region.expression(node.expression), key: node.name.text };
  }
  const [of = null, key = null] = region.operands([node.expression, node.argumentExpression]);
  return { of, key };
}

/** Reports a member of the language's library that a body does not have. */
export function checkMember(node: Access, of: Expression, region: Region): void {
  const { shared } = region;
  const name = ts.isPropertyAccessExpression(node) ? node.name.text : literalKey(node);
  if (name === undefined) return;
  if (of !== null && typeof of === "object" && of.kind === "global") {
    if (!globals.get(of.name)?.has(name))
      shared.report(shared.problems.unknownMember, node, { member: name, type: `\`${of.name}\`` });
    return;
  }
  if (name === "__proto__" || name === "constructor" || name === "prototype" || name === "stack") {
    shared.report(shared.problems.unknownMember, node, { member: name, type: "an object" });
    return;
  }
  const symbol = shared.context.checker.getSymbolAtLocation(
    ts.isPropertyAccessExpression(node) ? node.name : node.argumentExpression,
  );
  const parent = symbol?.declarations?.[0]?.parent;
  if (symbol && symbol.flags & ts.SymbolFlags.Method && isArtifact(parent))
    return shared.report(shared.problems.unknownMember, node, { member: name, type: "an artifact" });
  if (parent === undefined || !ts.isInterfaceDeclaration(parent) || !isLibrary(parent.getSourceFile())) return;
  const type = parent.name.text;
  if (!members.get(type)?.has(name)) shared.report(shared.problems.unknownMember, node, { member: name, type });
}

/** A body passes it on and looks at what it says of itself; its content is read in steps. */
const isArtifact = (declared: ts.Node | undefined): boolean =>
  declared !== undefined &&
  ts.isClassDeclaration(declared) &&
  declared.name?.text === "Artifact" &&
  /\/model\/artifact(\.d)?\.ts$/.test(declared.getSourceFile().fileName);

/** Reports a change of what belongs to the module. */
export function checkMutation(target: ts.Expression, region: Region): void {
  const { shared } = region;
  const field = fieldIn(target, region);
  if (field) return shared.report(shared.problems.fieldMutation, target, { field: field.getText() });
  const root = rootOf(target);
  const declaration = root && shared.symbol(root)?.valueDeclaration;
  if (root === undefined || declaration === undefined || declaration.getSourceFile().isDeclarationFile) return;
  const top = shared.functionOf(declaration);
  if (ts.isSourceFile(top) && !ts.isParameter(declaration))
    shared.report(shared.problems.moduleMutation, target, { name: root.text });
}

/** `this.rows` in `this.rows[0].depth`. */
function fieldIn(target: ts.Expression, region: Region): ts.Expression | undefined {
  for (let at = unwrap(target); isAccess(at); at = unwrap(at.expression)) if (region.shared.classMember(at)) return at;
  return undefined;
}

/** `util.limit` of `import * as util from "./util.ts"`. */
function ofNamespace(node: Access, region: Region): Expression | undefined {
  const object = unwrap(node.expression);
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(object) || !ts.isIdentifier(node.name)) return undefined;
  const declaration = region.shared.symbol(object)?.valueDeclaration;
  return declaration && ts.isSourceFile(declaration) && !isJson(declaration) ? region.expression(node.name) : undefined;
}

function literalKey(node: ts.ElementAccessExpression): string | undefined {
  const key = unwrap(node.argumentExpression);
  return ts.isStringLiteralLike(key) ? key.text : undefined;
}

function unsupported(node: ts.Node, what: string, region: Region): void {
  region.report(region.shared.problems.unsupportedExpression, node, { what });
}

const isJson = (file: ts.SourceFile) => file.fileName.endsWith(".json");
const isLibrary = (file: ts.SourceFile) => /\/lib\.[^/]*\.d\.ts$/.test(file.fileName);
