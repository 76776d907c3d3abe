/** Bigints: how long they are, and what it takes to compute with long ones. */
import { burn } from "./burn.ts";
import { capBits } from "./caps.ts";
import { type Cost, reads } from "./cost.ts";
import { countOf, lengthOf } from "./size.ts";

/** Below this length computing costs next to nothing. */
const short = 2n ** 1_024n;

function bitsOf(value: bigint): number {
  return value < short && value > -short ? 1_024 : value.toString(16).length * 4;
}

/** Multiplies, divides, or turns into digits. */
function burnBits(bits: number): void {
  if (bits > 1_024) burn(bits ** 1.5 / 2_048);
}

/** What an operator of two bigints makes is capped by what goes in, as the result itself may be too much. */
export function burnOperator(op: string, left: bigint, right: bigint): void {
  if (op === "**") raises(left, right);
  else if (op === "<<") shifts(left, right);
  else if (op === ">>") shifts(left, -right);
  else if (op === "*" || op === "/" || op === "%") {
    const length = bitsOf(left) + bitsOf(right);
    if (op === "*") capBits(length);
    burnBits(length);
  } else burn((bitsOf(left) + bitsOf(right)) / 2_048);
}

function raises(base: bigint, exponent: bigint): void {
  if (exponent <= 0n || (base >= -1n && base <= 1n)) return;
  const bits = base.toString(2).replace("-", "").length;
  const length = bits * Number(exponent);
  if (capBits(length, (bits - 1) * Number(exponent))) burnBits(length);
}

function shifts(value: bigint, by: bigint): void {
  if (value === 0n || by <= 0n) return;
  const length = bitsOf(value) + Number(by);
  if (capBits(length)) burnBits(length / 16);
}

export const writesDigits: Cost = (of) => {
  if (typeof of === "bigint") burnBits(bitsOf(of));
};

export const readsDigits: Cost = (of, args) => {
  reads(of, args);
  burnBits(lengthOf(args[0]) * 4);
};

/** `BigInt.asIntN`: the first argument says how many bits are kept. */
export const keepsBits: Cost = (_of, [count, value]) => {
  if (typeof value === "bigint" && value < 0n) capBits(countOf(count));
  if (typeof value === "bigint") burnBits(bitsOf(value) / 16);
};
