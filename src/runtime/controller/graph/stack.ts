/**
 * The stack: how deep the functions of a body may call each other. JavaScript's own limit depends on the machine, and on what its compiler has made of
 * a function by then, but a run must do the same when it is run again. So every call counts as deep as its function's tree is nested, which
 * is what the interpreter's own calls follow, and the body's limit comes well before JavaScript's.
 */
import type { Expression } from "../../../model/expression.ts";
import type { Closure } from "../../../model/node.ts";
import { BudgetError } from "./fatal.ts";

/** JavaScript's own 984 kB are enough for at least 5,000, and for 8,000 to 20,000 mostly. */
const room = 3_500;
/** What it takes to enter a function, a statement, an expression. */
const cost = { entry: 4, node: 2, expression: 1 };

let used = 0;

/** How much a call of the function takes. */
export function frameOf(fn: Closure | Extract<Expression, { kind: "arrow" }>): number {
  return cost.entry + Math.max(...Object.values(fn).map(depth));
}

/** Throws a RangeError, which the body may catch, where there is no room for a call. */
export function descend(frame: number): void {
  if (used + frame > room)
    throw new RangeError("Maximum call stack size exceeded: the body's functions call each other too deep; use a loop");
  used += frame;
}

export function ascend(frame: number): void {
  used -= frame;
}

/** Was JavaScript's own limit met all the same? */
export const isOverflow = (error: unknown): boolean =>
  error instanceof RangeError && error.message === "Maximum call stack size exceeded";

/** Ends the run then: where exactly it was met is chance, so the body must not see it. */
export class OverflowError extends BudgetError {
  constructor() {
    super(
      "the pipeline's body needs more stack than there is: call less deep, compute on smaller values, or do it in a step",
    );
  }
}

/** Functions within have frames of their own. */
function depth(tree: unknown): number {
  if (tree === null || typeof tree !== "object" || isFunction(tree)) return 0;
  let deepest = 0;
  for (const part of Object.values(tree)) deepest = Math.max(deepest, depth(part));
  if ("kind" in tree) deepest += "id" in tree ? cost.node : cost.expression;
  return deepest;
}

const isFunction = (tree: object): boolean => "params" in tree;
