/**
 * A region that is being lowered: its nodes so far, and the means that every construct's file shares. What must happen at a moment of its own (a
 * call of a step, an await, a branch) is emitted as a node; what remains is given back as an expression.
 */
import { ts } from "ts-morph";
import type { Expression, Variable } from "../../model/expression.ts";
import type { Node } from "../../model/node.ts";
import type { Rule } from "../problem.ts";
import { Ids } from "./names.ts";
import type { Shared } from "./shared.ts";
import { isAssigned, textOf, unwrap } from "./syntax.ts";

type Unplaced<T> = T extends Node ? Omit<T, "at"> : never;

export class Region {
  readonly shared: Shared;
  readonly ids: Ids;
  /** The function that the region belongs to; for the module's own region, the source file. */
  readonly owner: ts.Node;
  readonly nodes: Node[] = [];

  constructor(shared: Shared, owner: ts.Node, ids: Ids = new Ids()) {
    this.shared = shared;
    this.owner = owner;
    this.ids = ids;
  }

  /** A region within this one whose ids are numbered with its own: a branch, a try. */
  nested(): Region {
    return new Region(this.shared, this.owner, this.ids);
  }

  /** The body of a loop, with its test and update: ids of its own. */
  loop(): Region {
    return new Region(this.shared, this.owner);
  }

  /** The body of a local function. */
  function(owner: ts.Node): Region {
    return new Region(this.shared, owner);
  }

  emit(from: ts.Node, node: Unplaced<Node>): void {
    const { kind, id, ...rest } = node;
    this.nodes.push({ kind, id, at: this.shared.context.place(from), ...rest } as Node);
  }

  statement(node: ts.Statement): void {
    this.shared.statement(node, this);
  }

  statements(nodes: readonly ts.Statement[]): void {
    for (const node of nodes) this.statement(node);
  }

  /** `hint` names what the value is stored in: a good id for the call that makes it. */
  expression(node: ts.Expression, hint?: string): Expression {
    return this.shared.expression(node, this, hint);
  }

  /** The expression of a node in which no step may be called and nothing awaited, as there is no moment of its own for it. */
  pure(node: ts.Expression, where: string): Expression {
    const lift = this.shared.lifts.first(node);
    if (lift) {
      this.shared.report(this.shared.problems.awaitPlace, lift, { where });
      return null;
    }
    return this.expression(node);
  }

  /** Operands, left to right: each one before a lifted call or await is kept, so that it is evaluated when the author's would be. */
  operands(nodes: readonly ts.Expression[]): Expression[] {
    const last = nodes.findLastIndex((node) => this.shared.lifts.has(node));
    return nodes.map((node, i) => {
      const value = this.expression(node);
      return i < last ? this.keep(value, node) : value;
    });
  }

  /** Evaluates `value` now, into a temporary, unless it cannot change: a literal, a temporary, a never-assigned local declared earlier in this function. */
  keep(value: Expression, from: ts.Node): Expression {
    return this.isStable(value, from) ? value : this.temporary(value, from);
  }

  temporary(value: Expression, from: ts.Node, declare: "const" | "let" = "const"): Variable {
    const name = this.shared.names.temporary();
    this.emit(from, {
      kind: "let",
      id: this.ids.counted("keep"),
      declare,
      target: { kind: "variable", name },
      value,
      text: textOf(from),
    });
    return { kind: "variable", name };
  }

  assign(name: string, value: Expression, from: ts.Node): void {
    this.emit(from, { kind: "let", id: this.ids.counted("let"), target: { kind: "variable", name }, value });
  }

  report(rule: Rule, node: ts.Node, details: Record<string, string> = {}): null {
    this.shared.report(rule, node, details);
    return null;
  }

  private isStable(value: Expression, from: ts.Node): boolean {
    if (value === null || typeof value !== "object") return true;
    if (value.kind === "global" || value.kind === "bigint") return true;
    if (value.kind !== "variable") return false;
    const node = unwrap(from as ts.Expression);
    if (this.shared.classMember(node)) return false; // as what a module declares
    if (!ts.isIdentifier(node)) return true; // a temporary
    const declaration = this.shared.symbol(node)?.valueDeclaration;
    return (
      declaration !== undefined &&
      declaration.pos < node.pos &&
      this.shared.functionOf(declaration) === this.owner &&
      !isAssigned(declaration, this.shared)
    );
  }
}
