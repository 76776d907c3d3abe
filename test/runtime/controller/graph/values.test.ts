import { describe, expect, test } from "vitest";
import type { Expression, Pattern } from "../../../../src/model/expression.ts";
import type { Node } from "../../../../src/model/node.ts";
import {
  ap,
  arr,
  arrow,
  at,
  attempt,
  bin,
  chain,
  comma,
  cond,
  constant,
  does,
  fn,
  g,
  hole,
  inc,
  logic,
  loop,
  make,
  maybe,
  obj,
  ret,
  run,
  spread,
  text,
  to,
  un,
  test as until,
  v,
  variable,
} from "./build.ts";
import { nativeOutcome, outcome, shown } from "./evaluate.ts";

// biome-ignore lint/suspicious/noExplicitAny: any value, taken apart
type Any = any;

/** What happens, in order: `log(x)` notes `x` and gives it, `key(x)` is an object that notes when it is made a key. */
function noting() {
  const noted: unknown[] = [];
  const log = (x: unknown) => {
    noted.push(x);
    return x;
  };
  const key = (x: string) => ({
    toString() {
      noted.push(`key ${x}`);
      return x;
    },
  });
  return { noted, log, key, o: { a: 1, b: { c: 2 } } as Any, nothing: null, xs: [1, 2, 3] };
}

type Noting = ReturnType<typeof noting>;

/** Compares the value and what was noted on the way to it. */
async function same(native: (p: Noting) => unknown, program: Expression | Node[]): Promise<void> {
  const [mine, theirs] = [noting(), noting()];
  const actual = await outcome(program, mine);
  expect([actual, shown([mine.noted, mine.o, mine.xs])]).toEqual([
    nativeOutcome(() => native(theirs)),
    shown([theirs.noted, theirs.o, theirs.xs]),
  ]);
}

const p = (name: string) => at(v("params"), name);
const log = (x: Expression) => does(v("params"), "log", x);
const key = (x: string) => does(v("params"), "key", x);

describe("the order of evaluation", () => {
  test("of members, calls and assignments", async () => {
    await same(({ log, o, key }) => (log(o) as Any)[log(key("a")) as string], at(log(p("o")), log(key("a"))));
    await same(
      ({ log, o, key }) => ((log(o) as Any)[log(key("x")) as string] = log(5)),
      to(at(log(p("o")), log(key("x"))), log(5)),
    );
    await same(({ log, nothing }) => ((log(nothing) as Any).x = log(5)), to(at(log(p("nothing")), "x"), log(5)));
    await same(
      ({ log, nothing, key }) => ((log(nothing) as Any)[key("x") as Any] = log(5)),
      to(at(log(p("nothing")), key("x")), log(5)),
    );
    await same(
      ({ log, o, key }) => ((log(o) as Any)[key("a") as Any] += log(5)),
      to(at(log(p("o")), key("a")), log(5), "+"),
    );
    await same(({ log, o, key }) => (log(o) as Any)[key("a") as Any]++, inc(at(log(p("o")), key("a"))));
    await same(({ log, o }) => (log(o) as Any).nowhere(log(1)), does(log(p("o")), "nowhere", log(1)));
    await same(
      ({ log, o }) => (log(o) as Any).nowhere.deeper(log(1)),
      does(at(log(p("o")), "nowhere"), "deeper", log(1)),
    );
    await same(
      // biome-ignore lint/complexity/noCommaOperator: that is the point
      ({ log }) => [log(1), (log(2), log(3)), log(4) || log(5)],
      arr(log(1), comma(log(2), log(3)), logic(log(4), "||", log(5))),
    );
    await same(
      ({ log, xs }) => (log as Any)(...[log(1)], ...(log(xs) as Any)),
      ap(p("log"), spread(arr(log(1))), spread(log(p("xs")))),
    );
    await same(
      ({ log, key }) => `${log(key("x"))} ${log(key("y"))}`,
      text(["", " ", ""], log(key("x")), log(key("y"))),
    );
    await same(
      ({ log, key }) => ({ [log(key("x")) as Any]: log(1), [key("y") as Any]: log(2) }),
      obj([
        { key: log(key("x")), value: log(1) },
        { key: key("y"), value: log(2) },
      ]),
    );
    await same(({ log, o, key }) => delete (log(o) as Any)[key("a") as Any], un("delete", at(log(p("o")), key("a"))));
    await same(({ log, nothing }) => new (log(Map) as Any)(log(nothing)), {
      kind: "new",
      callee: log(g("Map")),
      args: [log(p("nothing"))],
    });
    await same(({ log }) => (log(0) ? log(1) : log(2)), cond(log(0), log(1), log(2)));
  });

  test("of logical assignment, which assigns only where it must", async () => {
    const cases = [
      ["a", "&&"],
      ["a", "||"],
      ["none", "||"],
      ["none", "??"],
      ["a", "??"],
      ["none", "&&"],
    ] as const;
    for (const [name, op] of cases)
      await same(
        ({ log, o }) => {
          const of = log(o) as Any;
          // biome-ignore lint/suspicious/noAssignInExpressions: the value is compared
          if (op === "&&") return (of[log(name) as string] &&= log(9));
          // biome-ignore lint/suspicious/noAssignInExpressions: the value is compared
          if (op === "||") return (of[log(name) as string] ||= log(9));
          // biome-ignore lint/suspicious/noAssignInExpressions: the value is compared
          return (of[log(name) as string] ??= log(9));
        },
        to(at(log(p("o")), log(name)), log(9), op),
      );
    await same(() => 1, [constant("x", 1), ret(to("x", 2, "||"))]);
  });

  test("of a pattern: key, target, value, default, then the writing", async () => {
    const target: Pattern = {
      kind: "object",
      entries: [
        { key: log(key("a")), target: at(log(p("o")), log("x")) },
        { key: "none", target: at(log(p("o")), key("y")), default: log(7) },
      ],
      rest: at(log(p("o")), "rest"),
    };
    await same(
      ({ log, o, key }) => {
        ({
          [log(key("a")) as Any]: (log(o) as Any)[log("x") as Any],
          none: (log(o) as Any)[key("y") as Any] = log(7),
          ...(log(o) as Any).rest
        } = o);
      },
      [run(to(target, p("o")))],
    );
  });
});

describe("optional chains", () => {
  test("end as a whole, without evaluating what follows", async () => {
    await same(
      ({ nothing, log }) => (nothing as Any)?.a.b[log(1) as Any](log(2)),
      chain(ap(at(at(maybe(p("nothing"), "a"), "b"), log(1)), log(2))),
    );
    await same(({ o, log }) => o?.b?.c[log("x") as Any], chain(at(maybe(maybe(p("o"), "b"), "c"), log("x"))));
    await same(({ o }) => o.none?.(1), chain({ kind: "apply", callee: at(p("o"), "none"), args: [1], optional: true }));
    await same(({ o }) => o.none?.x.y.z, chain(at(at(maybe(at(p("o"), "none"), "x"), "y"), "z")));
    // biome-ignore lint/correctness/noUnsafeOptionalChaining: that is the point
    await same(({ o }) => (o.none?.x).y, at(chain(maybe(at(p("o"), "none"), "x")), "y"));
    // biome-ignore lint/correctness/noUnsafeOptionalChaining: that is the point
    await same(({ xs }) => (xs?.slice)(1), ap(chain(maybe(p("xs"), "slice")), 1));
    await same(({ nothing, log }) => (nothing as Any)?.slice(log(1)), chain(ap(maybe(p("nothing"), "slice"), log(1))));
    await same(
      // biome-ignore lint/correctness/noUnsafeOptionalChaining: that is the point
      ({ nothing, log }) => ((nothing as Any)?.slice)(log(1)),
      ap(chain(maybe(p("nothing"), "slice")), log(1)),
    );
    await same(
      ({ nothing, log }) => delete (nothing as Any)?.[log(1) as Any],
      un("delete", chain(maybe(p("nothing"), log(1)))),
    );
    await same(({ o }) => delete o?.a, un("delete", chain(maybe(p("o"), "a"))));
    await same(({ o }) => o?.b?.c ?? "none", logic(chain(maybe(maybe(p("o"), "b"), "c")), "??", "none"));
  });

  test("keep the receiver of a method", async () => {
    await same(
      ({ xs }) => xs?.map?.((x) => x * 2),
      chain({
        kind: "apply",
        callee: maybe(p("xs"), "map"),
        args: [arrow(["x"], bin(v("x"), "*", 2))],
        optional: true,
      }),
    );
  });
});

describe("literals", () => {
  test("arrays with holes and spreads, objects with spreads", async () => {
    await same(
      ({ xs }) => {
        const made: Any[] = [...xs, 0, ..."ab"];
        made.length += 1;
        return made;
      },
      arr(spread(p("xs")), 0, spread("ab"), hole),
    );
    await same(
      ({ o, xs }) => ({ z: 0, ...o, ...xs, ...(null as Any), ...("hi" as Any), a: 2 }),
      obj([
        { key: "z", value: 0 },
        spread(p("o")),
        spread(p("xs")),
        spread(null),
        spread("hi"),
        { key: "a", value: 2 },
      ]),
    );
    await same(({ o }) => [...o], arr(spread(p("o"))));
    await same(
      () => [10n ** 20n, /a.c/gi, { 1: 2, "-1": 3 }],
      arr(
        { kind: "bigint", digits: "100000000000000000000" },
        { kind: "regexp", source: "a.c", flags: "gi" },
        obj({ 1: 2, "-1": 3 }),
      ),
    );
  });

  test("a regular expression is a new object each time", async () => {
    await same(() => {
      const found: unknown[] = [];
      for (let i = 0; i < 2; i++) found.push(/a/g.test("a"));
      return found;
    }, [
      constant("found", arr()),
      loop("for", {
        init: [variable("i", 0)],
        test: until(bin(v("i"), "<", 2)),
        update: [run(inc("i"))],
        nodes: [run(does(v("found"), "push", does({ kind: "regexp", source: "a", flags: "g" }, "test", "a")))],
      }),
      ret(v("found")),
    ]);
  });
});

describe("destructuring", () => {
  const names = (...all: string[]) => ret(arr(...all.map((name) => v(name))));
  const deep: Pattern = {
    kind: "object",
    entries: [
      { key: "a", target: v("a"), default: 5 },
      {
        key: "b",
        target: { kind: "array", items: [{ target: v("c"), default: v("a") }, null, { target: v("d") }], rest: v("e") },
      },
    ],
    rest: v("f"),
  };

  test.each<[Any]>([
    [{ a: 1, b: [1, 2, 3, 4, 5], x: 6, y: 7 }],
    [{ b: "text" }],
    [{ b: new Set([undefined, 2]) }],
    [{ b: null }],
    [{}],
    [null],
    [undefined],
    [{ a: null, b: new Map([[1, 2]]) }],
    [{ b: 5 }],
  ])("of %o", async (value) => {
    const expected = nativeOutcome(() => {
      const {
        a = 5,
        b: [c = a, , d, ...e],
        ...f
      } = value;
      return [a, c, d, e, f];
    });
    expect(await outcome([constant(deep, v("params")), names("a", "c", "d", "e", "f")], value)).toBe(expected);
  });

  test("of strings, numbers, functions and errors, by the members that a body has", async () => {
    const length: Pattern = { kind: "object", entries: [{ key: "length", target: v("n") }], rest: v("rest") };
    for (const value of ["abc", [1, 2], 5])
      expect(await outcome([constant(length, v("params")), names("n", "rest")], value)).toBe(
        nativeOutcome(() => {
          const { length, ...rest } = value as Any;
          return [length, rest];
        }),
      );
    const stack: Pattern = { kind: "object", entries: [{ key: "stack", target: v("s") }] };
    expect(await outcome([constant(stack, v("params")), names("s")], new Error("x"))).toBe("throws TypeError");
  });

  test("swaps, and gives its right side as its value", async () => {
    const swap: Pattern = { kind: "array", items: [{ target: v("a") }, { target: v("b") }] };
    expect(
      await outcome([
        variable("a", 1),
        variable("b", 2),
        constant("given", to(swap, arr(v("b"), v("a")))),
        names("a", "b", "given"),
      ]),
    ).toBe("[ 2, 1, [ 2, 1 ] ]");
  });

  test("closes an iterator that has not ended, and not one that failed", async () => {
    const seenBy = async (items: Pattern) => {
      const closed: string[] = [];
      const make = () => ({
        n: 0,
        [Symbol.iterator]() {
          return this;
        },
        next() {
          this.n += 1;
          if (this.n === 3) throw new RangeError("third");
          return { done: false, value: this.n };
        },
        return() {
          closed.push("closed");
          return {};
        },
      });
      const result = await outcome([constant(items, v("params")), ret("taken")], make());
      return [result, closed.length];
    };
    const item = (name: string, missing?: Expression) => ({
      target: v(name),
      ...(missing !== undefined && { default: missing }),
    });
    expect(await seenBy({ kind: "array", items: [item("a")] })).toEqual(["'taken'", 1]);
    expect(await seenBy({ kind: "array", items: [null, null, null] })).toEqual(["throws RangeError: third", 0]);
    expect(
      await seenBy({
        kind: "array",
        items: [{ target: { kind: "object", entries: [{ key: at(null, "x"), target: v("a") }] } }],
      }),
    ).toEqual(["throws TypeError", 1]);
  });
});

describe("functions", () => {
  test("have the name and length of the author's, and take defaults, patterns and rest", async () => {
    const add = fn(
      "add",
      [{ target: v("x") }, { target: v("y"), default: v("x") }, { target: v("z") }],
      [ret(arr(v("x"), v("y"), v("z")))],
    );
    expect(
      await outcome([
        add,
        ret(arr(at(v("add"), "name"), at(v("add"), "length"), ap(v("add"), 1), ap(v("add"), 1, 2, 3, 4))),
      ]),
    ).toBe("[ 'add', 1, [ 1, 1, undefined ], [ 1, 2, 3 ] ]");
    const rest: Expression = {
      kind: "arrow",
      id: "r",
      params: [{ target: v("x") }],
      rest: v("more"),
      value: arr(v("x"), v("more")),
    };
    expect(await outcome(arr(ap(rest, 1, 2, 3), ap(rest)))).toBe("[ [ 1, [ 2, 3 ] ], [ undefined, [] ] ]");
  });

  test("can be called on a receiver that was kept, as a method is where an argument is awaited", async () => {
    expect(
      await outcome([constant("push", at(p("xs"), "push")), run(does(v("push"), "call", p("xs"), 4)), ret(p("xs"))], {
        xs: [1],
      }),
    ).toBe("[ 1, 4 ]");
    expect(
      await outcome([constant("all", at(g("Number"), "isInteger")), ret(does(v("all"), "call", g("Number"), 4))]),
    ).toBe("true");
    expect(await outcome([constant("max", at(g("Math"), "max")), ret(does(v("max"), "call", g("Math"), 4, 5))])).toBe(
      "5",
    );
  });

  test("what structuredClone throws can be told by its name", async () => {
    const clone = attempt([run(ap(g("structuredClone"), arrow([], 1)))], { as: "e", nodes: [ret(at(v("e"), "name"))] });
    expect(await outcome([clone])).toBe("'DataCloneError'");
  });

  test("what is called and is no function is named", async () => {
    await expect(outcome(ap(at(v("params"), "x")), {})).resolves.toBe("throws TypeError");
    expect(await outcome(ap(arrow([], make("Set", arr(1)))))).toBe("Set(1) { 1 }");
  });
});
