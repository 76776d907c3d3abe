/** Local functions: a small pure arrow stays in the expression; any other becomes a node that declares it. */
import { ts } from "ts-morph";
import type { Expression, Pattern, PatternItem } from "../../model/expression.ts";
import type { Closure } from "../../model/node.ts";
import { binding } from "./pattern.ts";
import type { Region } from "./region.ts";
import { assignmentOperators, isAssigned, isAsync, unwrap } from "./syntax.ts";

type FunctionSyntax = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration | ts.MethodDeclaration;

export function functionValue(
  node: ts.ArrowFunction | ts.FunctionExpression,
  region: Region,
  hint?: string,
): Expression {
  if (ts.isArrowFunction(node) && !isAsync(node) && !ts.isBlock(node.body) && !region.shared.lifts.has(node.body)) {
    const arrow = smallArrow(node, node.body, region, hint);
    if (arrow !== undefined) return arrow;
  }
  const name = region.shared.names.fresh(nameOf(node) || hint || "fn");
  declare(node, name, region, hint);
  return { kind: "variable", name };
}

/** `function twice(x) { … }`, and `const twice = (x) => …` where nothing can see it before that line. */
export function functionDeclaration(node: ts.FunctionDeclaration, region: Region): void {
  if (node.name && node.body) declare(node, region.shared.variable(node.name), region);
}

/** True where `const name = function` could be made a function node; then it was. */
export function functionConstant(node: ts.VariableDeclaration, value: ts.Expression, region: Region): boolean {
  if (!ts.isIdentifier(node.name) || !(ts.isArrowFunction(value) || ts.isFunctionExpression(value))) return false;
  if (isAssigned(node, region.shared) || seenBefore(node.name, node, region)) return false;
  declare(value, region.shared.variable(node.name), region, node.name.text);
  return true;
}

/** `readonly score = (x) => …` in a class: nothing can change it. */
export function functionField(node: ts.PropertyDeclaration, variable: string, region: Region): boolean {
  const value = node.initializer && unwrap(node.initializer);
  const isFunction = value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value));
  if (isFunction) declare(value, variable, region, textOfName(node.name));
  return isFunction;
}

/** A method of an object literal; it cannot use `this`. */
export function method(node: ts.MethodDeclaration, region: Region): Expression {
  const name = region.shared.names.fresh(node.name.getText());
  declare(node, name, region, node.name.getText());
  return { kind: "variable", name };
}

export function closure(node: FunctionSyntax, id: string, region: Region): Closure {
  const inside = region.function(node);
  if (node.asteriskToken)
    unsupported(node, "A generator", "Write an async function that collects the values in an array.", region);
  const params = parameters(node, inside);
  const body = node.body;
  if (body !== undefined && ts.isBlock(body)) inside.statements(body.statements);
  else if (body !== undefined) {
    const value = inside.expression(body);
    inside.emit(body, { kind: "return", id: inside.ids.counted("return"), value });
  }
  return { id, name: nameOf(node), async: isAsync(node), ...params, nodes: inside.nodes };
}

/** A step passed as a value takes the first argument only. */
export function stepClosure(node: ts.Node, template: string, id: string, region: Region): Closure {
  const inside = region.function(node);
  const input = region.shared.names.fresh("input");
  const into = region.shared.names.fresh(`$${template}`);
  inside.emit(node, {
    kind: "call",
    id: inside.ids.named(template),
    template,
    args: [{ kind: "variable", name: input }],
    into,
  });
  inside.emit(node, { kind: "return", id: inside.ids.counted("return"), value: { kind: "variable", name: into } });
  return {
    id,
    name: template,
    async: false,
    params: [{ target: { kind: "variable", name: input } }],
    nodes: inside.nodes,
  };
}

export function stepValue(node: ts.Node, template: string, region: Region): Expression {
  const variable = region.shared.names.fresh(template);
  const id = region.ids.named(`${template}_function`);
  region.emit(node, { kind: "function", id, variable, function: stepClosure(node, template, id, region) });
  return { kind: "variable", name: variable };
}

function declare(node: FunctionSyntax, variable: string, region: Region, hint?: string): void {
  const name = nameOf(node) || hint;
  const id = name === undefined ? region.ids.counted("function") : region.ids.named(name);
  region.emit(node, { kind: "function", id, variable, function: closure(node, id, region) });
}

/** Undefined where the arrow holds a function that needs a node of its own: then it does too. */
function smallArrow(
  node: ts.ArrowFunction,
  body: ts.Expression,
  region: Region,
  hint?: string,
): Expression | undefined {
  if (holdsStatements(node)) return undefined;
  const inside = region.function(node);
  const params = parameters(node, inside);
  const value = inside.expression(body);
  if (inside.nodes.length > 0) return undefined;
  const id = region.ids.counted(hint ?? "arrow");
  const name = nameOf(node);
  return { kind: "arrow", id, ...(name && { name }), ...params, value };
}

function holdsStatements(node: ts.Node): boolean {
  return (
    ts.forEachChild(
      node,
      (child) =>
        ts.isBlock(child) || isAsync(child) || ts.isMethodDeclaration(child) || holdsStatements(child) || undefined,
    ) ?? false
  );
}

function parameters(node: FunctionSyntax, inside: Region): { params: PatternItem[]; rest?: Pattern } {
  const params: PatternItem[] = [];
  let rest: Pattern | undefined;
  for (const parameter of node.parameters) {
    if (ts.isIdentifier(parameter.name) && parameter.name.text === "this") continue;
    const target = binding(parameter.name, inside);
    if (parameter.dotDotDotToken) rest = target;
    else
      params.push({
        target,
        ...(parameter.initializer && { default: inside.pure(parameter.initializer, "a parameter's default") }),
      });
  }
  if (inside.nodes.length > 0)
    unsupported(
      node,
      "A function with statements in a parameter's default",
      "Declare that function before this one.",
      inside,
    );
  return { params, ...(rest && { rest }) };
}

/** Is there a use of the constant above its declaration, where it could be met before it exists? */
function seenBefore(name: ts.Identifier, declaration: ts.VariableDeclaration, region: Region): boolean {
  const symbol = region.shared.symbol(name);
  const visit = (node: ts.Node): boolean => {
    if (node.pos >= declaration.pos) return false;
    if (ts.isIdentifier(node) && node.text === name.text && region.shared.symbol(node) === symbol) return true;
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(region.owner);
}

/** The `name` that the function has: its own, or that of what it is directly the value of. */
function nameOf(node: FunctionSyntax): string {
  if (node.name && !ts.isComputedPropertyName(node.name)) return node.name.text;
  let value: ts.Node = node;
  while (ts.isExpression(value.parent) && unwrap(value.parent) === node) value = value.parent;
  const holder = value.parent;
  if (ts.isPropertyAssignment(holder) && holder.initializer === value) return textOfName(holder.name);
  if (ts.isPropertyDeclaration(holder)) return textOfName(holder.name);
  if (ts.isVariableDeclaration(holder) || ts.isBindingElement(holder) || ts.isParameter(holder))
    return holder.initializer === value ? textOfName(holder.name) : "";
  const isAssigned = ts.isBinaryExpression(holder) && holder.right === value && assignsName(holder.operatorToken.kind);
  return isAssigned && ts.isIdentifier(holder.left) ? holder.left.text : "";
}

const textOfName = (name: ts.BindingName | ts.PropertyName): string =>
  ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : "";

const assignsName = (operator: ts.SyntaxKind): boolean =>
  ["", "&&", "||", "??"].includes(assignmentOperators.get(operator) ?? "none");

function unsupported(node: ts.Node, what: string, remedy: string, region: Region): void {
  region.report(region.shared.problems.unsupportedExpression, node, { what, remedy });
}
