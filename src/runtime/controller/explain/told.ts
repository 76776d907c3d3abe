/**
 * Which decisions are told: those that are made as often as something is started. What lies in a loop or a function that starts nothing is
 * computation: it may be made a million times between two steps.
 */
import type { Closure, Node } from "../../../model/node.ts";

const starters: ReadonlySet<unknown> = new Set<Node["kind"]>(["call", "timer", "signal", "each", "await"]);

const known = new WeakMap<object, boolean>();

/** Does it start or await anything? What only a function in it does, starts where that is called: there is a call for it. */
export function starts(piece: Node | Closure | readonly Node[]): boolean {
  let found = known.get(piece);
  if (found === undefined) {
    found = startsAnything(piece);
    known.set(piece, found);
  }
  return found;
}

function startsAnything(piece: object): boolean {
  if ("kind" in piece && piece.kind === "function") return false;
  if ("kind" in piece && starters.has(piece.kind) && "id" in piece) return true;
  return Object.values(piece).some((part) => part !== null && typeof part === "object" && starts(part as Node));
}
