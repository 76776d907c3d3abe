/** What the lowering of one pipeline shares between its regions: names, symbols, what is a lift, and where problems go. */
import { ts } from "ts-morph";
import type { Expression } from "../../model/expression.ts";
import type { JsonSchema } from "../../model/template.ts";
import type { Member } from "../classes.ts";
import type { Problems, Rule } from "../problem.ts";
import { classMember } from "./class.ts";
import { Lifts } from "./lifts.ts";
import { Names } from "./names.ts";
import * as problems from "./problems.ts";
import type { Region } from "./region.ts";

export type LowerContext = {
  checker: ts.TypeChecker;
  problems: Problems;
  /** `file:line:column`, the file relative to the project's folder. */
  place(node: ts.Node): string;
  /** The name of the template, where an expression denotes a step of the project; notes that it is used. */
  stepOf(callee: ts.Expression): string | undefined;
  /** The name of the export of `reprise` that an expression denotes. */
  isDsl(callee: ts.Expression): string | undefined;
  /** The class whose instance `this` is, where the body is a method. */
  owner?: ts.ClassDeclaration;
  /** What the type says of a value that comes from outside; reports what cannot. `what` names it: `the value of the signal`. */
  schemaOf?(type: ts.Type, node: ts.Node, what: string): JsonSchema | undefined;
};

/** The tables: how each kind of syntax is lowered. */
export type Lower = {
  statement(node: ts.Statement, region: Region): void;
  expression(node: ts.Expression, region: Region, hint?: string): Expression;
  /** The variable of something that the module declares; lowers its declaration the first time. */
  module(symbol: ts.Symbol, from: ts.Identifier, region: Region): Expression;
  /** The same for a method or a field of a class. */
  member(member: Member, from: ts.PropertyAccessExpression, region: Region): Expression;
};

export class Shared {
  readonly context: LowerContext;
  readonly problems = problems;
  readonly names = new Names();
  readonly lifts: Lifts;
  readonly statement: Lower["statement"];
  readonly expression: Lower["expression"];
  readonly module: Lower["module"];
  readonly member: Lower["member"];
  /** Variables whose values cannot be shared: numbers, strings and the like. */
  readonly primitives = new Set<string>();

  constructor(context: LowerContext, lower: Lower) {
    this.context = context;
    this.lifts = new Lifts(this);
    this.statement = lower.statement;
    this.expression = lower.expression;
    this.module = lower.module;
    this.member = lower.member;
  }

  /** What an identifier denotes, through imports. */
  symbol(node: ts.Identifier): ts.Symbol | undefined {
    const { checker } = this.context;
    const shorthand = ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node;
    const symbol = shorthand
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : checker.getSymbolAtLocation(node);
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }

  /** The variable that a declared name gets. */
  variable(node: ts.Identifier): string {
    const symbol = this.symbol(node);
    if (symbol === undefined) return this.names.fresh(node.text);
    // A default export and a module have no name of their own.
    return /^[\p{L}$_]/u.test(symbol.name) && symbol.name !== "default"
      ? this.named(symbol, symbol.name, node)
      : this.named(symbol, node.text, node);
  }

  /** The variable of a symbol, by that name where nobody has it. */
  named(symbol: ts.Symbol, text: string, node: ts.Node): string {
    const name = this.names.of(symbol, text);
    if (this.isPrimitive(this.context.checker.getTypeAtLocation(node))) this.primitives.add(name);
    return name;
  }

  /** What `this.score` denotes, in a class. */
  classMember(node: ts.Node): ts.Declaration | undefined {
    return classMember(node, this.context)?.declaration;
  }

  /** The function (or source file) that a node belongs to; a parameter belongs to its function. */
  functionOf(node: ts.Node): ts.Node {
    let owner = node.parent;
    while (!ts.isFunctionLike(owner) && !ts.isSourceFile(owner)) owner = owner.parent;
    return owner;
  }

  report(rule: Rule, node: ts.Node, details: Record<string, string> = {}): void {
    this.context.problems.report(rule, node, details);
  }

  private isPrimitive(type: ts.Type): boolean {
    if (type.isUnion()) return type.types.every((t) => this.isPrimitive(t));
    const { StringLike, NumberLike, BooleanLike, BigIntLike, Undefined, Null, Void } = ts.TypeFlags;
    return (type.flags & (StringLike | NumberLike | BooleanLike | BigIntLike | Undefined | Null | Void)) !== 0;
  }
}
