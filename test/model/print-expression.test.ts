import { describe, expect, test } from "vitest";
import type { BinaryOperator, Expression, LogicalOperator, Pattern } from "../../src/model/expression.ts";
import { printExpression, printPattern } from "../../src/model/print-expression.ts";

const v = (name: string): Expression => ({ kind: "variable", name });
const member = (of: Expression, key: Expression, optional?: true): Expression => ({
  kind: "member",
  of,
  key,
  ...(optional && { optional }),
});
const apply = (callee: Expression, ...args: Expression[]): Expression => ({ kind: "apply", callee, args });
const bin = (op: BinaryOperator, left: Expression, right: Expression): Expression => ({
  kind: "binary",
  op,
  left,
  right,
});
const logic = (op: LogicalOperator, left: Expression, right: Expression): Expression => ({
  kind: "logical",
  op,
  left,
  right,
});
const not = (of: Expression): Expression => ({ kind: "unary", op: "!", of });
const minus = (of: Expression): Expression => ({ kind: "unary", op: "-", of });
const hole = (text: string) => `\${${text}}`;
const [a, b, c, d] = [v("a"), v("b"), v("c"), v("d")];

describe("an expression printed back as TypeScript", () => {
  test.each<[string, Expression]>([
    ["a + b * c", bin("+", a, bin("*", b, c))],
    ["(a + b) * c", bin("*", bin("+", a, b), c)],
    ["a - b - c", bin("-", bin("-", a, b), c)],
    ["a - (b - c)", bin("-", a, bin("-", b, c))],
    ["a ** b ** c", bin("**", a, bin("**", b, c))],
    ["(a ** b) ** c", bin("**", bin("**", a, b), c)],
    ["(-a) ** b", bin("**", minus(a), b)],
    ["a ** -b", bin("**", a, minus(b))],
    ["(-1) ** 2", bin("**", -1, 2)],
    ["a - -1", bin("-", a, -1)],
    ["- -a", minus(minus(a))],
    ["!!a", not(not(a))],
    ["!(a && b)", not(logic("&&", a, b))],
    ["!a.b", not(member(a, "b"))],
    ['typeof a === "string"', bin("===", { kind: "unary", op: "typeof", of: a }, "string")],
    [
      "best.accuracy < target && depth < 8",
      logic("&&", bin("<", member(v("best"), "accuracy"), v("target")), bin("<", v("depth"), 8)),
    ],
    ["a || b && c", logic("||", a, logic("&&", b, c))],
    ["(a || b) && c", logic("&&", logic("||", a, b), c)],
    ["(a || b) ?? c", logic("??", logic("||", a, b), c)],
    ["a ?? (b && c)", logic("??", a, logic("&&", b, c))],
    ["a ?? b ?? c", logic("??", logic("??", a, b), c)],
    [
      "a ? b : c ? d : 1",
      { kind: "conditional", test: a, then: b, else: { kind: "conditional", test: c, then: d, else: 1 } },
    ],
    [
      "(a ? b : c) ? d : 1",
      { kind: "conditional", test: { kind: "conditional", test: a, then: b, else: c }, then: d, else: 1 },
    ],
    ["a.b[0].c", member(member(member(a, "b"), 0), "c")],
    ['a["not a name"]', member(a, "not a name")],
    ["a?.b.c", { kind: "chain", of: member(member(a, "b", true), "c") }],
    ["(a?.b).c", member({ kind: "chain", of: member(a, "b", true) }, "c")],
    ["a?.[b]?.(c)", { kind: "chain", of: { kind: "apply", callee: member(a, b, true), args: [c], optional: true } }],
    ["(1).toFixed(2)", apply(member(1, "toFixed"), 2)],
    ["(a + b).length", member(bin("+", a, b), "length")],
    [
      "Math.max(...a, 0)",
      { kind: "apply", callee: member({ kind: "global", name: "Math" }, "max"), args: [{ kind: "spread", of: a }, 0] },
    ],
    [
      "new Map([[a, b]])",
      {
        kind: "new",
        callee: { kind: "global", name: "Map" },
        args: [{ kind: "array", items: [{ kind: "array", items: [a, b] }] }],
      },
    ],
    ["new (f(a))()", { kind: "new", callee: apply(v("f"), a), args: [] }],
    ["f((a, b))", apply(v("f"), { kind: "comma", items: [a, b] })],
    ["[1, , 3]", { kind: "array", items: [1, { kind: "hole" }, 3] }],
    ["[1, ,]", { kind: "array", items: [1, { kind: "hole" }] }],
    [
      '{ a, b: 1, "c-d": 2, [c]: 3, ...d }',
      {
        kind: "object",
        entries: [
          { key: "a", value: a },
          { key: "b", value: 1 },
          { key: "c-d", value: 2 },
          { key: c, value: 3 },
          { kind: "spread", of: d },
        ],
      },
    ],
    ["{}", { kind: "object", entries: [] }],
    [
      "(a, [b] = []) => ({ a })",
      {
        kind: "arrow",
        id: "f",
        params: [
          { target: { kind: "variable", name: "a" } },
          {
            target: { kind: "array", items: [{ target: { kind: "variable", name: "b" } }] },
            default: { kind: "array", items: [] },
          },
        ],
        value: { kind: "object", entries: [{ key: "a", value: a }] },
      },
    ],
    ["(() => a)()", apply({ kind: "arrow", id: "f", params: [], value: a })],
    [
      "a ??= b = c",
      {
        kind: "assign",
        op: "??",
        target: { kind: "variable", name: "a" },
        value: { kind: "assign", target: { kind: "variable", name: "b" }, value: c },
      },
    ],
    ["a.b++", { kind: "update", op: "++", prefix: false, target: { kind: "member", of: a, key: "b" } }],
    [
      `\`${hole("a")}: \\\`${hole("b + c")}\\\` \\${hole("")}\``,
      { kind: "template", strings: ["", ": `", `\` ${hole("")}`], values: [a, bin("+", b, c)] },
    ],
    ["10n", { kind: "bigint", digits: "10" }],
    ["/a+/gi.test(a)", apply(member({ kind: "regexp", source: "a+", flags: "gi" }, "test"), a)],
    ["delete a.b", { kind: "unary", op: "delete", of: member(a, "b") }],
  ])("%s", (text, expression) => {
    expect(printExpression(expression)).toBe(text);
  });

  test("what the compiler renamed has its own name again", () => {
    expect(printExpression(bin("<", v("best$2"), v("$1")))).toBe("best < $1");
  });

  test("a temporary is the source text that it stands for, in parentheses where that text is not one whole", () => {
    const texts = new Map([
      ["t1", "await score(best)"],
      ["t2", "best.model?.score({ a: 1, b: 2 })"],
      ["t3", "a ? b : c"],
    ]);
    expect(printExpression(bin("<", v("t1"), v("target")), texts)).toBe("await score(best) < target");
    expect(printExpression(member(v("t1"), "accuracy"), texts)).toBe("(await score(best)).accuracy");
    expect(printExpression(member(v("t2"), "accuracy"), texts)).toBe("best.model?.score({ a: 1, b: 2 }).accuracy");
    expect(printExpression(bin("+", v("t3"), 1), texts)).toBe("(a ? b : c) + 1");
    expect(printExpression(v("t3"), texts)).toBe("a ? b : c");
  });
});

test("a pattern is printed as it is written", () => {
  const name = (name: string): Pattern => ({ kind: "variable", name });
  const pattern: Pattern = {
    kind: "object",
    entries: [
      { key: "target", target: name("target$2"), default: 0.95 },
      { key: "rows", target: { kind: "array", items: [null, { target: name("second") }], rest: name("others") } },
    ],
    rest: name("more"),
  };
  expect(printPattern(pattern)).toBe("{ target = 0.95, rows: [, second, ...others], ...more }");
});
