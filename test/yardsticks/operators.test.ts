/** Every operator with operands of every kind, and expressions made by chance, from TypeScript through the compiler: what JavaScript itself gives. */
import { describe, expect, test } from "vitest";
import { assignmentOperators } from "../../src/compiler/lower/syntax.ts";
import { binaryOperators, logicalOperators } from "../../src/model/expression.ts";
import { random } from "../oracle/order.ts";
import { caught, evaluated } from "./evaluate.ts";

/** Made anew for each side: an operator may call what they are made of. */
// biome-ignore format: many in few lines
const operands = (): unknown[] => [
  0, -0, 1, -1, 2.5, NaN, Infinity, -Infinity, 31, 32, 2 ** 31, -(2 ** 32), 2 ** 53, 1e300, 5e-324, "", "0", "1", "-0", " 12 ", "abc", "length", "0x1f",
  "1n", "é", "\ud800", true, false, null, undefined, 0n, 1n, -3n, 70n, 2n ** 64n, [], [1], [1, 2], ["a"], [[]], [null], {}, { a: 1 },
  new Date(86_400_000), new Date(NaN), new Map([[1, 2]]), new Set(["a"]), /x/g, new Error("boom"), new Uint8Array([1, 2]), () => 1,
  { valueOf: () => 42, toString: () => "text" }, { valueOf: () => ({}), toString: () => "7" }, { valueOf: () => ({}), toString: () => ({}) },
  { valueOf() { throw new RangeError("coerced"); } }, Object.create(null), Object.freeze({ x: 1 }),
];
const pairs = () => operands().flatMap((x) => operands().map((y) => [x, y]));
/** Growth without an end is the budget's concern. */
const tame = () => pairs().filter(([x, y]) => typeof x !== "bigint" || typeof y !== "bigint" || y < 100n);

const each = (expression: string) =>
  `return params.map(([x, y]: any) => { try { return [${expression}, x]; } catch (e) { return e; } });`;

describe("operators, every operand with every other", () => {
  test.each([...binaryOperators.filter((op) => op !== "instanceof"), ...logicalOperators, ","])(
    "x %s y",
    async (op) => {
      const { native, ours } = await evaluated(each(`x ${op} y`), tame);
      expect(ours).toEqual(native);
    },
  );

  test("x instanceof a built-in class", async () => {
    for (const name of [
      "Object",
      "Array",
      "Map",
      "Set",
      "Date",
      "RegExp",
      "Error",
      "RangeError",
      "Uint8Array",
      "Promise",
    ]) {
      const { native, ours } = await evaluated(each(`x instanceof ${name}`), () => operands().map((x) => [x]));
      expect([name, ours]).toEqual([name, native]);
    }
  });

  test.each(["!", "-", "+", "~", "typeof ", "void "])("%sx", async (op) => {
    const { native, ours } = await evaluated(each(`${op}x`), () => operands().map((x) => [x]));
    expect(ours).toEqual(native);
  });

  test.each(["++x", "x++", "--x", "x--"])("%s, of a variable and of a member", async (update) => {
    const all = () => operands().map((x) => [x]);
    const ofVariable = await evaluated(each(update), all);
    expect(ofVariable.ours).toEqual(ofVariable.native);
    const ofMember = await evaluated(each(`((o: any) => [${update.replace("x", "o.x")}, o])({ x })`), all);
    expect(ofMember.ours).toEqual(ofMember.native);
  });

  test.each([...assignmentOperators.values()])("x %s= y, of a variable, a member and a computed one", async (op) => {
    for (const form of [
      `x ${op}= y`,
      `((o: any) => [o.x ${op}= y, o])({ x })`,
      `((o: any, k: any) => [o[k] ${op}= 2, o])({ a: x }, y)`,
    ]) {
      const { native, ours } = await evaluated(each(form), tame);
      expect(ours).toEqual(native);
    }
  });

  test("delete, of every kind of thing and key", async () => {
    const { native, ours } = await evaluated(each(`delete (x as any)[y as any]`), () =>
      [{ a: 1 }, [1, 2], Object.create(null)].flatMap((x) => ["a", 0, "0", -0, "none", null].map((y) => [x, y])),
    );
    expect(ours).toEqual(native);
  });

  test("conditional, on every operand", async () => {
    const { native, ours } = await evaluated(each(`x ? "truthy" : "falsy"`), () => operands().map((x) => [x]));
    expect(ours).toEqual(native);
  });
});

describe("expressions made by chance", () => {
  test.each([1, 2, 3, 4])("precedence, associativity and coercion, seed %d", async (seed) => {
    const choose = random(seed);
    const expressions = Array.from({ length: 400 }, () => expression(choose, 4));
    const { native, ours } = await evaluated(caught(expressions));
    expect(expressions.map((text, i) => [text, ours[i]])).toEqual(expressions.map((text, i) => [text, native[i]]));
  });
});

const literals = [
  "0",
  "1",
  "2.5",
  "1e21",
  "0xff",
  "1_000",
  "''",
  "'7'",
  "'a'",
  "true",
  "null",
  "undefined",
  "NaN",
  "[]",
  "[1, 2]",
  "({})",
  "`t${1}`",
];
/** Those that may stand beside each other without parentheses. */
const joined = [
  "+",
  "-",
  "*",
  "/",
  "%",
  "<",
  "<=",
  ">",
  ">=",
  "==",
  "!=",
  "===",
  "!==",
  "&",
  "|",
  "^",
  "<<",
  ">>",
  ">>>",
  "&&",
  "||",
];

function expression(choose: (n: number) => number, depth: number): string {
  const pick = <T>(from: readonly T[]) => from[choose(from.length)]!;
  const inner = () => expression(choose, depth - 1);
  if (depth === 0) return pick(literals);
  switch (choose(8)) {
    case 0:
      return pick(literals);
    case 1:
      return `${pick(["!", "-", "+", "~", "typeof ", "void "])}(${inner()})`;
    case 2:
      return `(${inner()} ? ${inner()} : ${inner()})`;
    case 3:
      return `((${inner()}) ?? (${inner()}))`;
    case 4:
      return `(${inner()}) ** (${inner()})`;
    case 5:
      return `(${inner()}, ${inner()})`;
    case 6:
      return `(${inner()} ${pick(joined)} ${inner()})`;
    default:
      return `${inner()} ${pick(joined)} ${inner()}`;
  }
}
