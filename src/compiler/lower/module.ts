/** What a body uses of its module: constants, functions and enums, lowered once into the graph's `module` region, in the order of need. */
import { ts } from "ts-morph";
import type { Entry, Expression } from "../../model/expression.ts";
import type { Member } from "../classes.ts";
import { checkNesting } from "../nesting.ts";
import { spotOf } from "../problem.ts";
import { closure, functionConstant, functionField } from "./function.ts";
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
    checkNesting(declaration, shared.context.problems);

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

  /** A method is to the graph what a function of the module is, and a field what a constant is. */
  member({ declaration }: Member, from: ts.PropertyAccessExpression, region: Region): Expression {
    const { shared } = region;
    const name = ts.getNameOfDeclaration(declaration) ?? from.name;
    const symbol = shared.context.checker.getSymbolAtLocation(name) as ts.Symbol;
    this.#region ??= new Region(shared, from.getSourceFile());
    const variable = shared.named(symbol, from.name.text.replace("#", ""), from);
    if (!this.#lowered.has(declaration)) {
      this.#lowered.add(declaration);
      checkNesting(declaration, shared.context.problems);
      const why = unreadable(declaration);
      if (why) shared.report(shared.problems.foreignMember, from, { member: from.getText(), ...why });
      else if (ts.isMethodDeclaration(declaration)) this.function(declaration, variable, this.#region);
      else this.field(declaration as ts.PropertyDeclaration, variable, from, this.#region);
    }
    return { kind: "variable", name: variable };
  }

  private field(
    node: ts.PropertyDeclaration,
    variable: string,
    from: ts.PropertyAccessExpression,
    region: Region,
  ): void {
    const { shared } = region;
    const isReadonly = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword);
    if (!isReadonly) return void shared.report(shared.problems.changingField, from, { field: from.getText() });
    if (node.initializer === undefined) return unreachable(from, "it has no value here", shared);
    if (functionField(node, variable, region)) return;
    const lift = shared.lifts.first(node.initializer);
    if (lift) return void shared.report(shared.problems.awaitPlace, lift, { where: "a field of a class" });
    emit(node.initializer, variable, region);
  }

  private function(node: ts.FunctionDeclaration | ts.MethodDeclaration, variable: string, region: Region): void {
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
    if (shared.context.problems.covers(spotOf(value))) return; // a step that is declared wrongly, said already
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

/** Why a member of a class cannot be read, and what to do. */
function unreadable(declaration: ts.Declaration): { why: string; remedy: string } | undefined {
  const isBody = ts.isMethodDeclaration(declaration) && declaration.name.getText() === "run";
  const decorated = isBody ? declaration.parent : declaration;
  const decorators = ts.canHaveDecorators(decorated) ? ts.getDecorators(decorated) : undefined;
  if (decorators?.length)
    return {
      why: "it stands under a decorator, and is not called as a step by `this`",
      remedy: "Call a step by `this`, and take other decorators away.",
    };
  if (ts.isMethodDeclaration(declaration) ? declaration.body : ts.isPropertyDeclaration(declaration)) return undefined;
  return ts.isMethodDeclaration(declaration)
    ? { why: "it has no body here", remedy: "Write it out in the class, or in one that it extends." }
    : { why: "it is no method and no field", remedy: "Write a method, and call it." };
}

/** `import settings from "./settings.json"`. */
function json(file: ts.SourceFile, from: ts.Identifier, region: Region): void {
  const value = file.statements[0];
  if (file.fileName.endsWith(".json") && value && ts.isExpressionStatement(value))
    emit(value.expression, region.shared.variable(from), region);
  else unreachable(from, "it is a module", region.shared);
}

/** `export default { … }`. */
function exported(declaration: ts.ExportAssignment, from: ts.Identifier, region: Region): void {
  const lift = region.shared.lifts.first(declaration.expression);
  if (lift) region.shared.report(region.shared.problems.awaitPlace, lift, { where: "a constant of the module" });
  else emit(declaration.expression, region.shared.variable(from), region);
}

function emit(value: ts.Expression, variable: string, region: Region): void {
  const target = { kind: "variable", name: variable } as const;
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
