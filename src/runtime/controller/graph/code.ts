/** What a graph is compiled to: closures over scopes, and generators where something is awaited. */
import type { Expression } from "../../../model/expression.ts";
import type { Node } from "../../../model/node.ts";
import type { Declared, Names, Scope } from "./scope.ts";

export type Evaluate = (scope: Scope) => unknown;

/** A way out of a region, on its way to whoever takes it; `undefined` is its ordinary end. Thrown errors are thrown. */
export type Exit = { kind: "return"; value: unknown } | { kind: "break" | "continue"; target: Target };
export type Completion = Exit | undefined;

/** What can be left by `break`: a loop, a labelled block, a `switch`. Only a loop can be continued. */
export type Target = {
  label: string | undefined;
  loop: boolean /** An unlabelled `break` leaves it. */;
  unlabelled: boolean;
};

export type Run = (scope: Scope) => Completion;
/** Yields what is to be awaited, is sent what came of it. */
export type Awaiting = (scope: Scope) => Generator<unknown, Completion, unknown>;

export type Code = { kind: "plain"; run: Run } | { kind: "awaiting"; run: Awaiting };

/** A node, compiled. */
export type Step =
  | Code
  /** Happens when its region is entered. */
  | { kind: "hoisted"; run: Run }
  /** Directly an await: its region yields, without a generator in between. */
  | { kind: "await"; value: Evaluate; receive(scope: Scope, value: unknown): void };

/** What surrounds a node. */
export type Environment = {
  names: Names;
  /** May it await? */
  async: boolean;
  /** What can be left from there, innermost last. */
  targets: readonly Target[];
  /** Are decisions told (`explain/told.ts`)? */
  told: boolean;
};

/** How a kind of node is compiled, and what it declares in the scope around it. */
export type Kind<N extends Node> = {
  declares?(node: N, compile: Compile): Declared[];
  compile(node: N, environment: Environment, compile: Compile): Step;
};

/** The tables, handed to every kind, which knows only itself. */
export type Compile = {
  expression(expression: Expression, names: Names): Evaluate;
  /** The part of an optional chain before its end: gives `short` where the chain ended early. */
  link(expression: Expression, names: Names): Evaluate;
  region(nodes: readonly Node[], environment: Environment): Code;
  declared(nodes: readonly Node[]): Declared[];
};

/** A compound node: written once, as a generator, which is a plain function where it never yields. */
export function compound(awaits: boolean, run: Awaiting): Code {
  return awaits ? { kind: "awaiting", run } : { kind: "plain", run: (scope) => run(scope).next().value as Completion };
}
