/** What a node of a region in data order is compiled to: an Observable for each time it runs. */
import { type Observable, of } from "rxjs";
import type { Node } from "../../../model/node.ts";
import type { Compile } from "../graph/code.ts";
import { type Context, current } from "../graph/context.ts";
import type { Names, Scope } from "../graph/scope.ts";

/** A region that runs. */
export type Frame = {
  readonly scope: Scope;
  readonly context: Context;
  /** Emits when the variable has its value. */
  there$(variable: string): Observable<unknown>;
  /** Hears of failures, where the rest is to go on. Without it, the first one ends the whole. */
  readonly failed?: (error: unknown) => void;
};

/** What a node fails with that reads, at any distance, what another one should have given, and did not. Its message says why: `fit failed`. */
export class Skipped extends Error {}

/** Runs on subscription: emits what the node is worth as soon as that is there, and completes when everything in it has ended. */
export type Flow = (frame: Frame) => Observable<unknown>;

export type Environment = {
  names: Names;
  /** Variables that may be read: given by params, by nodes before, or around. */
  known: Known;
};

export type Known = Pick<ReadonlySet<string>, "has">;

/** Those, and what is known around. */
export const alsoKnown = (around: Known, own: Known): Known => ({ has: (name) => own.has(name) || around.has(name) });

/** What every kind is handed, which knows only itself. */
export type Weave = {
  compile: Compile;
  region(nodes: readonly Node[], environment: Environment): Flow;
};

/** How a kind of node is compiled. */
export type Kind<N extends Node> = (node: N, environment: Environment, weave: Weave) => Flow;

export const here$: Observable<unknown> = of(undefined);

/** Evaluates in a context: what the expressions burn is its run's. */
export function within<T>(context: Context, act: () => T): T {
  const outside = current.context;
  current.context = context;
  try {
    return act();
  } finally {
    current.context = outside;
  }
}

/** A frame around what a turn binds: its variables are there from its beginning. */
export function turnFrame(around: Frame, own: ReadonlySet<string>, inside: Pick<Frame, "scope" | "context">): Frame {
  return { ...around, ...inside, there$: (variable) => (own.has(variable) ? here$ : around.there$(variable)) };
}
