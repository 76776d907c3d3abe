import { describe, expect, test } from "vitest";
import {
  type BinaryOperator,
  binaryOperators,
  type LogicalOperator,
  type UnaryOperator,
} from "../../../../src/model/expression.ts";
import { at, bin, inc, logic, ret, to, un, v, variable } from "./build.ts";
import { nativeOutcome, outcome } from "./evaluate.ts";

// biome-ignore lint/suspicious/noExplicitAny: any value may stand beside any operator
type Any = any;

const binary: Record<Exclude<BinaryOperator, "instanceof">, (a: Any, b: Any) => unknown> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "**": (a, b) => a ** b,
  "&": (a, b) => a & b,
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "<<": (a, b) => a << b,
  ">>": (a, b) => a >> b,
  ">>>": (a, b) => a >>> b,
  // biome-ignore lint/suspicious/noDoubleEquals: that is the point
  "==": (a, b) => a == b,
  // biome-ignore lint/suspicious/noDoubleEquals: that is the point
  "!=": (a, b) => a != b,
  "===": (a, b) => a === b,
  "!==": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  in: (a, b) => a in b,
};
const logical: Record<LogicalOperator, (a: Any, b: Any) => unknown> = {
  "&&": (a, b) => a && b,
  "||": (a, b) => a || b,
  "??": (a, b) => a ?? b,
};
const unary: Record<Exclude<UnaryOperator, "delete">, (a: Any) => unknown> = {
  "!": (a) => !a,
  "-": (a) => -a,
  "+": (a) => +a,
  "~": (a) => ~a,
  typeof: (a) => typeof a,
  void: (a) => void a,
};

// biome-ignore format: many in few lines
const operands: Any[] = [
  0, -0, 1, -1, 2.5, NaN, Infinity, -Infinity, 2 ** 31, 2 ** 53, 1e300, 5e-324, "", "0", "1", "-0", " 12 ", "abc", "length", "NaN", "a",
  true, false, null, undefined, 0n, 1n, -3n, 2n ** 64n, [], [1], [1, 2], ["a"], {}, { a: 1 }, new Date(86_400_000), new Map([[1, 2]]),
  /x/g, new Error("boom"), new Uint8Array([1, 2]),
  { valueOf: () => 42, toString: () => "text" }, { valueOf: () => ({}), toString: () => ({}) }, Object.create(null),
  { toString() { throw new RangeError("coerced"); } },
];

describe("operators give what they give in JavaScript", () => {
  test.each(binaryOperators.filter((op) => op !== "instanceof"))("%s, every operand with every other", async (op) => {
    for (const a of operands)
      for (const b of operands) {
        const expected = nativeOutcome(() => binary[op](a, b));
        if (expected.includes("(BigInt too big")) continue;
        expect(await outcome(bin(at(v("params"), 0), op, at(v("params"), 1)), [a, b])).toBe(expected);
      }
  });

  test.each(["&&", "||", "??"] as const)("%s", async (op) => {
    for (const a of operands)
      expect(await outcome(logic(at(v("params"), 0), op, "other"), [a])).toBe(
        nativeOutcome(() => logical[op](a, "other")),
      );
  });

  test.each(["!", "-", "+", "~", "typeof", "void"] as const)("%s", async (op) => {
    for (const a of operands)
      expect(await outcome(un(op, at(v("params"), 0)), [a])).toBe(nativeOutcome(() => unary[op](a)));
  });

  test("++ and --, before and after, of a variable and of a member", async () => {
    for (const a of operands)
      for (const [op, prefix] of [
        ["++", true],
        ["++", false],
        ["--", true],
        ["--", false],
      ] as const) {
        const update = (o: { x: Any }) => {
          const given = op === "++" ? (prefix ? ++o.x : o.x++) : prefix ? --o.x : o.x--;
          return [given, o.x];
        };
        const expected = nativeOutcome(() => update({ x: a }));
        const items = (place: "x" | ReturnType<typeof at>) => ({
          kind: "array" as const,
          items: [inc(place, op, prefix), place === "x" ? v("x") : place],
        });
        expect(await outcome([variable("x", v("params")), ret(items("x"))], a)).toBe(expected);
        expect(await outcome(items(at(v("params"), "x")), { x: a })).toBe(expected);
      }
  });

  test("compound assignment", async () => {
    for (const op of ["+", "-", "*", "**", "<<", ">>>"] as const)
      for (const a of operands)
        for (const b of [1, "x", 2n, null, [3]]) {
          const expected = nativeOutcome(() => binary[op](a, b));
          const nodes = [variable("x", at(v("params"), 0)), ret(to("x", at(v("params"), 1), op))];
          expect(await outcome(nodes, [a, b])).toBe(expected);
        }
  });
});
