/** What a binary operator takes, by its operands. Joining two texts takes nothing: whoever looks at the result burns for it. */
import type { BinaryOperator } from "../../../model/expression.ts";
import { burnOperator } from "./bits.ts";
import { burnCoercion, burnText } from "./size.ts";

export function burnOperation(op: BinaryOperator, left: unknown, right: unknown): void {
  if (op === "===" || op === "!==" || op === "instanceof") return compare(left, right);
  if (typeof left === "bigint" && typeof right === "bigint") return burnOperator(op, left, right);
  if (op !== "in") burnCoercion(right);
  burnCoercion(left);
  if (op !== "+") compare(left, right);
}

/** Texts of one length are looked at up to where they differ; a number, up to its end. */
function compare(left: unknown, right: unknown): void {
  if (typeof left === "string") burnText(left.length);
  if (typeof right === "string") burnText(right.length);
}
