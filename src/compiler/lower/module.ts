/** What a body uses of its module: constants, functions and enums, lowered once into the graph's `module` region, in the order of need. */
import { ts } from "ts-morph";
import type { Entry, Expression } from "../../model/expression.ts";
import { closure, functionConstant } from "./function.ts";
import { binding } from "./pattern.ts";
import { Region } from "./region.ts";
import type { Shared } from "./shared.ts";
import { isFunctionValue, unwrap } from "./syntax.ts";

export class Module {
  readonly #lowered = new Set<ts.Node>();
  #region: Region | undefined;

  get nodes(): Region["nodes"] {
    return this.#region?.nodes ?? [];
  }

  variable(symbol: ts.Symbol, from: ts.Identifier, region: Region): Expression {
    const { shared } = region;
    const declaration = symbol.valueDeclaration as ts.Declaration;
    this.#region ??= new Region(shared, from.getSourceFile());
    const variable: Expression = { kind: "variable", name: shared.variable(from) };
    if (this.#lowered.has(declaration)) return variable;
    this.#lowered.add(declaration);

    if (ts.isFunctionDeclaration(declaration)) this.function(declaration, shared.names.of(symbol), this.#region);
    else if (ts.isVariableDeclaration(declaration)) this.constant(declaration, from, this.#region);
    else if (ts.isBindingElement(declaration)) this.destructured(declaration, from, this.#region);
    else if (ts.isSourceFile(declaration)) json(declaration, from, this.#region);
    else if (ts.isExportAssignment(declaration)) exported(declaration, from, this.#region);
    else if (ts.isEnumDeclaration(declaration)) enumeration(declaration, shared.names.of(symbol), this.#region);
    else if (ts.isClassDeclaration(declaration)) region.report(shared.problems.outsideClass, from, { name: from.text });
    else
      region.report(shared.problems.unreachableModule, from, {
        name: from.text,
        why: "it is not a constant, a function or an enum",
      });
    return variable;
  }

  private function(node: ts.FunctionDeclaration, variable: string, region: Region): void {
    const id = region.ids.named(variable);
    region.emit(node, { kind: "function", id, variable, function: closure(node, id, region) });
  }

  private constant(node: ts.VariableDeclaration, from: ts.Identifier, region: Region): void {
    const { shared } = region;
    const list = node.parent as ts.VariableDeclarationList;
    if (!(list.flags & ts.NodeFlags.Const))
      return void shared.report(shared.problems.moduleVariable, from, { name: from.text });
    if (node.initializer === undefined) return unreachable(from, "it has no value here", shared);
    const value = unwrap(node.initializer);
    const lift = isFunctionValue(value) ? null : shared.lifts.first(value);
    if (lift) return void shared.report(shared.problems.awaitPlace, lift, { where: "a constant of the module" });
    if (functionConstant(node, value, region)) return;
    const expression = region.expression(value);
    region.emit(node, {
      kind: "let",
      id: region.ids.counted("let"),
      declare: "const",
      target: binding(node.name, region),
      value: expression,
    });
  }

  /** `const { a, b } = …` of a module: all of it, once. */
  private destructured(element: ts.BindingElement, from: ts.Identifier, region: Region): void {
    let node: ts.Node = element;
    while (!ts.isVariableDeclaration(node)) node = node.parent;
    if (this.#lowered.has(node)) return;
    this.#lowered.add(node);
    this.constant(node, from, region);
  }
}

/** `import settings from "./settings.json"`. */
function json(file: ts.SourceFile, from: ts.Identifier, region: Region): void {
  const value = file.statements[0];
  if (file.fileName.endsWith(".json") && value && ts.isExpressionStatement(value)) emit(value.expression, from, region);
  else unreachable(from, "it is a module", region.shared);
}

/** `export default { … }`. */
function exported(declaration: ts.ExportAssignment, from: ts.Identifier, region: Region): void {
  const lift = region.shared.lifts.first(declaration.expression);
  if (lift) region.shared.report(region.shared.problems.awaitPlace, lift, { where: "a constant of the module" });
  else emit(declaration.expression, from, region);
}

function emit(value: ts.Expression, from: ts.Identifier, region: Region): void {
  const target = { kind: "variable", name: region.shared.variable(from) } as const;
  region.emit(value, {
    kind: "let",
    id: region.ids.counted("let"),
    declare: "const",
    target,
    value: region.expression(value),
  });
}

function enumeration(node: ts.EnumDeclaration, variable: string, region: Region): void {
  const { checker } = region.shared.context;
  const entries: Entry[] = [];
  for (const member of node.members) {
    const value = checker.getConstantValue(member);
    const name = ts.isComputedPropertyName(member.name) ? undefined : member.name.text;
    if (value === undefined || name === undefined) {
      unreachable(member, "its value is not a constant", region.shared);
      continue;
    }
    entries.push({ key: name, value });
    if (typeof value === "number") entries.push({ key: String(value), value: name });
  }
  region.emit(node, {
    kind: "let",
    id: region.ids.counted("let"),
    declare: "const",
    target: { kind: "variable", name: variable },
    value: { kind: "object", entries },
  });
}

function unreachable(node: ts.Node, why: string, shared: Shared): void {
  shared.report(shared.problems.unreachableModule, node, { name: node.getText(), why });
}
