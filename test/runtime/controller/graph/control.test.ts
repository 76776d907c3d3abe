import { describe, expect, test } from "vitest";
import type { Expression } from "../../../../src/model/expression.ts";
import type { Node } from "../../../../src/model/node.ts";
import {
  ap,
  arr,
  arrow,
  at,
  attempt,
  bin,
  block,
  closure,
  cond,
  constant,
  does,
  each,
  fail,
  fn,
  g,
  inc,
  leave,
  loop,
  make,
  obj,
  of,
  ret,
  run,
  skip,
  start,
  step,
  to,
  un,
  test as until,
  v,
  variable,
  wait,
  when,
} from "./build.ts";
import { agrees, type Native } from "./compare.ts";

/** A library iterator that closes: `xs.values().map(f)`. */
// biome-ignore lint/suspicious/noExplicitAny: newer than the types
const mapped = (xs: unknown[], f: (x: any) => unknown): Iterable<any> => (xs.values() as any).map(f);

const push = (list: string, value: Expression) => run(does(v(list), "push", value));

describe("loops", () => {
  test("while tests before each turn, with a step in its test", async () => {
    await agrees(
      async (s) => {
        let n = 0;
        while (((await s("test", n)) as number) < 3) {
          n += 1;
          if (n === 2) continue;
          await s("body", n);
        }
        return n;
      },
      [
        variable("n", 0),
        loop("while", {
          test: until(bin(v("t"), "<", 3), ...step("test", "t", v("n"))),
          nodes: [run(to("n", 1, "+")), when(bin(v("n"), "===", 2), [skip()]), ...step("body", "b", v("n"))],
        }),
        ret(v("n")),
      ],
    );
  });

  test("do tests after each turn, and continue goes to the test", async () => {
    await agrees(
      async (s) => {
        let n = 0;
        do {
          n++;
          if (n === 2) continue;
          await s("body", n);
        } while (((await s("test", n)) as number) < 3);
        return n;
      },
      [
        variable("n", 0),
        loop("do", {
          test: until(bin(v("t"), "<", 3), ...step("test", "t", v("n"))),
          nodes: [run(inc("n")), when(bin(v("n"), "===", 2), [skip()]), ...step("body", "b", v("n"))],
        }),
        ret(v("n")),
      ],
    );
  });

  test("for with steps in every part, each turn with its own variable", async () => {
    await agrees(
      async (s) => {
        const seen: (() => number)[] = [];
        for (
          let i = (await s("init", 0)) as number, f = () => i;
          ((await s("test", i)) as number) < 3;
          i += (await s("update", 1)) as number
        ) {
          seen.push(() => i, f);
          i += 0.5;
          if (i > 1) continue;
          await s("body", i);
        }
        return seen.map((f) => f());
      },
      [
        constant("seen", arr()),
        loop("for", {
          init: [...step("init", "i0", 0), variable("i", v("i0")), variable("f", arrow([], v("i")))],
          test: until(bin(v("t"), "<", 3), ...step("test", "t", v("i"))),
          update: [constant("before", v("i")), ...step("update", "u", 1), run(to("i", bin(v("before"), "+", v("u"))))],
          nodes: [
            run(does(v("seen"), "push", arrow([], v("i")), v("f"))),
            run(to("i", 0.5, "+")),
            when(bin(v("i"), ">", 1), [skip()]),
            ...step("body", "b", v("i")),
          ],
        }),
        ret(does(v("seen"), "map", arrow(["each"], ap(v("each"))))),
      ],
    );
  });

  test("for…of and for…in give each turn a binding of its own", async () => {
    await agrees(
      async (s, { xs, o }) => {
        const seen: (() => unknown)[] = [];
        for (let x of xs) {
          seen.push(() => x);
          x += 1;
          await s("body", x);
        }
        for (const key in o) {
          seen.push(() => key);
          if (key === "a") delete o.b;
        }
        for (const key in null as unknown as object) seen.push(() => key);
        let last: unknown;
        for (last of new Set(["p", "q"])) await s("set", last);
        return [seen.map((f) => f()), last];
      },
      [
        constant("xs", at(v("params"), "xs")),
        constant("o", at(v("params"), "o")),
        constant("seen", arr()),
        loop("of", {
          over: of("x", v("xs"), "let"),
          nodes: [push("seen", arrow([], v("x"))), run(to("x", 1, "+")), ...step("body", "b", v("x"))],
        }),
        loop("in", {
          over: of("key", v("o")),
          nodes: [
            push("seen", arrow([], v("key"))),
            when(bin(v("key"), "===", "a"), [run(un("delete", at(v("o"), "b")))]),
          ],
        }),
        loop("in", { over: of("key2", null), nodes: [push("seen", arrow([], v("key2")))] }),
        variable("last"),
        loop("of", {
          over: { target: v("last"), value: make("Set", arr("p", "q")) },
          nodes: step("set", "b2", v("last")),
        }),
        ret(arr(does(v("seen"), "map", arrow(["f"], ap(v("f")))), v("last"))),
      ],
      { xs: [1, 2, 3], o: { a: 1, b: 2, c: 3 } },
    );
  });

  test("labels: break and continue of an outer loop, and of a block", async () => {
    await agrees(
      async (s) => {
        const seen: unknown[] = [];
        outer: for (let i = 0; i < 4; i++) {
          for (const j of [0, 1, 2]) {
            if (j === 2) continue outer;
            if (i === 2) break outer;
            seen.push(await s("a", [i, j]));
          }
          seen.push("never");
        }
        // biome-ignore lint/suspicious/noConfusingLabels: that is the point
        done: {
          seen.push("in");
          if (seen.length > 2) break done;
          seen.push("never");
        }
        return seen;
      },
      [
        constant("seen", arr()),
        loop("for", {
          label: "outer",
          init: [variable("i", 0)],
          test: until(bin(v("i"), "<", 4)),
          update: [run(inc("i"))],
          nodes: [
            loop("of", {
              over: of("j", arr(0, 1, 2)),
              nodes: [
                when(bin(v("j"), "===", 2), [skip("outer")]),
                when(bin(v("i"), "===", 2), [leave("outer")]),
                ...step("a", "r", arr(v("i"), v("j"))),
                push("seen", v("r")),
              ],
            }),
            push("seen", "never"),
          ],
        }),
        block(
          "done",
          push("seen", "in"),
          when(bin(at(v("seen"), "length"), ">", 2), [leave("done")]),
          push("seen", "never"),
        ),
        ret(v("seen")),
      ],
    );
  });

  test("a loop that is left closes the iterator", async () => {
    const mapper = (list: string) => arrow(["x"], { kind: "comma", items: [does(v(list), "push", v("x")), v("x")] });
    await agrees(
      async (s) => {
        const seen: unknown[] = [];
        const items = mapped([1, 2, 3], (x) => {
          seen.push(x);
          return x;
        });
        for (const x of items) if (x === 2) break;
        for (const x of items) seen.push(["again", x]);
        await s("a", seen);
        return seen;
      },
      [
        constant("seen", arr()),
        constant("items", does(does(arr(1, 2, 3), "values"), "map", mapper("seen"))),
        loop("of", { over: of("x", v("items")), nodes: [when(bin(v("x"), "===", 2), [leave()])] }),
        loop("of", { over: of("y", v("items")), nodes: [push("seen", arr("again", v("y")))] }),
        ...step("a", "r", v("seen")),
        ret(v("seen")),
      ],
    );
  });

  test("the head's variable exists, unset, while what is looped over is evaluated", async () => {
    const { outcome } = await agrees(async () => {
      for (const x of [(): unknown => x].map((f) => f())) return x;
    }, [
      loop("of", {
        over: of("x", does(arr(arrow([], v("x"))), "map", arrow(["f"], ap(v("f"))))),
        nodes: [ret(v("x"))],
      }),
    ]);
    expect(outcome).toBe("threw ReferenceError: Cannot access 'x' before initialization");
  });
});

describe("for await", () => {
  /** The body: a step per value, and a way out. */
  function forAwait(items: Expression, ...rest: Node[]): Node[] {
    return [
      attempt([loop("await", { over: of("x", items), nodes: [start("saw", "saw", v("x")), ...rest] })], {
        as: "e",
        nodes: [start("caught", "caught", cond(bin(v("e"), "instanceof", g("TypeError")), "TypeError", v("e")))],
      }),
      start("end", "end"),
    ];
  }
  const native = (
    items: () => Iterable<unknown>,
    rest: (x: unknown) => "break" | undefined = () => undefined,
  ): Native => {
    return async (s) => {
      try {
        for await (const x of items()) {
          void s("saw", x);
          if (rest(x) === "break") break;
        }
      } catch (e) {
        void s("caught", e instanceof TypeError ? "TypeError" : e);
      }
      void s("end");
    };
  };
  const resolve = (x: Expression) => does(g("Promise"), "resolve", x);
  const reject = (x: Expression) => does(g("Promise"), "reject", x);
  const boom = () => {
    throw "thrown";
  };

  test.each<[string, Native, Node[]]>([
    ["values", native(() => [1, 2]), forAwait(arr(1, 2))],
    ["nothing", native(() => []), forAwait(arr())],
    ["a string", native(() => "ab"), forAwait("ab")],
    ["promises", native(() => [Promise.resolve(1), 2]), forAwait(arr(resolve(1), 2))],
    ["a rejection", native(() => [Promise.reject("no"), 2]), forAwait(arr(reject("no"), 2))],
    [
      "a break",
      native(
        () => [1, 2],
        () => "break",
      ),
      forAwait(arr(1, 2), leave()),
    ],
    ["a throw", native(() => [1, 2], boom), forAwait(arr(1, 2), fail("thrown"))],
    [
      "a break out of an iterator that closes",
      native(
        () => mapped([1, 2], (x) => x),
        () => "break",
      ),
      forAwait(does(does(arr(1, 2), "values"), "map", arrow(["y"], v("y"))), leave()),
    ],
    [
      "a throw out of an iterator that closes",
      native(() => mapped([1, 2], (x) => x), boom),
      forAwait(does(does(arr(1, 2), "values"), "map", arrow(["y"], v("y"))), fail("thrown")),
    ],
    [
      "an iterator that throws",
      native(() => mapped([1, 2], boom)),
      forAwait(does(does(arr(1, 2), "values"), "map", v("boom"))),
    ],
    ["what cannot be iterated", native(() => 5 as unknown as Iterable<unknown>), forAwait(5)],
  ])("over %s takes the language's ticks", async (_name, body, nodes) => {
    await agrees(body, [fn("boom", [], [fail("thrown")]), ...nodes]);
  });

  test("over steps that were started before", async () => {
    await agrees(
      async (s) => {
        const out: unknown[] = [];
        for await (const x of [s("a", 1), s("b", 2), s("c", 3)]) out.push(await s("d", x));
        return out;
      },
      [
        constant("out", arr()),
        start("a", "a", 1),
        start("b", "b", 2),
        start("c", "c", 3),
        loop("await", {
          over: of("x", arr(v("a"), v("b"), v("c"))),
          nodes: [...step("d", "r", v("x")), push("out", v("r"))],
        }),
        ret(v("out")),
      ],
    );
  });
});

describe("switch", () => {
  const cases = (on: Expression): Node => ({
    kind: "branch",
    id: "switch1",
    on,
    cases: [
      { when: 1, nodes: [...step("one", "r1"), push("seen", v("r1"))] },
      { when: 2, nodes: [push("seen", "two"), leave("switch1")] },
      { when: 3, nodes: [push("seen", "three")] },
    ],
    otherwise: { at: 2, nodes: [push("seen", "default")] },
  });

  test.each([1, 2, 3, 4, "1"])("runs on from the case of %j until a break", async (x) => {
    await agrees(
      async (s) => {
        const seen: unknown[] = [];
        switch (x) {
          // @ts-expect-error it falls through
          // biome-ignore lint/suspicious/noFallthroughSwitchClause: that is the point
          case 1:
            seen.push(await s("one"));
          case 2:
            seen.push("two");
            break;
          // @ts-expect-error it falls through
          // biome-ignore lint/suspicious/useDefaultSwitchClauseLast lint/suspicious/noFallthroughSwitchClause: that is the point
          default:
            seen.push("default");
          case 3:
            seen.push("three");
        }
        return seen;
      },
      [constant("seen", arr()), cases(x), ret(v("seen"))],
    );
  });

  test("continue inside one goes on with the loop around it", async () => {
    await agrees(
      async (s) => {
        for (const x of [1, 2, 3]) {
          switch (x) {
            case 2:
              continue;
            default:
              await s("a", x);
          }
          void s("b", x);
        }
      },
      [
        loop("of", {
          over: of("x", arr(1, 2, 3)),
          nodes: [
            {
              kind: "branch",
              id: "sw",
              on: v("x"),
              cases: [{ when: 2, nodes: [skip()] }],
              otherwise: { nodes: step("a", "r", v("x")) },
            },
            start("b", "b", v("x")),
          ],
        }),
      ],
    );
  });
});

describe("try", () => {
  test("catches what a step threw, inside the turn of a loop, and goes on in the context around it", async () => {
    await agrees(
      async (s) => {
        const seen: unknown[] = [];
        for (const x of [1, 2]) {
          try {
            for (const y of [1, 2]) {
              await s("a", [x, y]);
              await s("bad", y);
            }
          } catch (error) {
            seen.push((error as Error).message);
            await s("c", x);
          } finally {
            await s("d", x);
          }
        }
        return seen;
      },
      [
        constant("seen", arr()),
        loop("of", {
          over: of("x", arr(1, 2)),
          nodes: [
            attempt(
              [
                loop("of", {
                  over: of("y", arr(1, 2)),
                  nodes: [...step("a", "ra", arr(v("x"), v("y"))), ...step("bad", "rb", v("y"))],
                }),
              ],
              { as: "error", nodes: [push("seen", at(v("error"), "message")), ...step("c", "rc", v("x"))] },
              step("d", "rd", v("x")),
            ),
          ],
        }),
        ret(v("seen")),
      ],
    );
  });

  const f = (nodes: Node[]) => [fn("f", [], nodes, true), wait(ap(v("f")), "x"), ret(v("x"))];

  test("what finally does overrides a return, a throw, a break", async () => {
    await agrees(
      async (s) => {
        const f = async () => {
          try {
            return await s("a", 1);
          } finally {
            // biome-ignore lint/correctness/noUnsafeFinally: that is the point
            return s("b", 2);
          }
        };
        return await f();
      },
      f([attempt([...step("a", "a", 1), ret(v("a"))], undefined, [start("b", "b", 2), ret(v("b"))])]),
    );
    await agrees(
      async (s) => {
        const f = async () => {
          for (;;) {
            try {
              await s("bad", 1);
            } finally {
              // biome-ignore lint/correctness/noUnsafeFinally: that is the point
              break;
            }
          }
          return "went on";
        };
        return await f();
      },
      f([loop("for", { nodes: [attempt(step("bad", "r", 1), undefined, [leave()])] }), ret("went on")]),
    );
    await agrees(
      async (s) => {
        const f = async () => {
          try {
            throw new RangeError("first");
          } catch (error) {
            throw new RangeError(`second after ${(error as Error).message}`);
          } finally {
            await s("last");
          }
        };
        return await f();
      },
      f([
        attempt(
          [fail(make("RangeError", "first"))],
          {
            as: "error",
            nodes: [fail(make("RangeError", bin("second after ", "+", at(v("error"), "message"))))],
          },
          step("last", "r"),
        ),
      ]),
    );
  });

  test("a value to return is evaluated before finally runs", async () => {
    await agrees(async () => {
      let x = 1;
      const f = () => {
        try {
          return x;
        } finally {
          x = 2;
        }
      };
      return [f(), x];
    }, [
      variable("x", 1),
      fn("f", [], [attempt([ret(v("x"))], undefined, [run(to("x", 2))])]),
      ret(arr(ap(v("f")), v("x"))),
    ]);
  });
});

describe("scopes", () => {
  test("a variable is not there before its declaration, also for a closure", async () => {
    const { outcome } = await agrees(async () => {
      const f = (): unknown => x;
      const early = f();
      const x = early;
      return x;
    }, [constant("f", arrow([], v("x$2"))), constant("early", ap(v("f"))), constant("x$2", v("early")), ret(v("x$2"))]);
    expect(outcome).toBe("threw ReferenceError: Cannot access 'x' before initialization");
  });

  test("it is unset again in every turn", async () => {
    await agrees(async () => {
      const seen: unknown[] = [];
      for (const i of [0, 1]) {
        try {
          seen.push(early());
        } catch (e) {
          seen.push((e as Error).message);
        }
        const x = i;
        function early(): number {
          return x;
        }
        if (x) seen.push("x");
      }
      return seen;
    }, [
      constant("seen", arr()),
      loop("of", {
        over: of("i", arr(0, 1)),
        nodes: [
          attempt([push("seen", ap(v("early")))], { as: "e", nodes: [push("seen", at(v("e"), "message"))] }),
          constant("x", v("i")),
          fn("early", [], [ret(v("x"))]),
          when(v("x"), [push("seen", "x")]),
        ],
      }),
      ret(v("seen")),
    ]);
  });

  test("a local function is there from the start of its region", async () => {
    await agrees(async () => {
      const before = twice(4);
      function twice(x: number) {
        return x * 2;
      }
      return before;
    }, [constant("before", ap(v("twice"), 4)), fn("twice", ["x"], [ret(bin(v("x"), "*", 2))]), ret(v("before"))]);
  });

  test("a constant cannot be assigned, after its new value was computed", async () => {
    await agrees(
      async (s) => {
        const x = 1;
        // @ts-expect-error that is the point
        // biome-ignore lint/correctness/noConstAssign: that is the point
        x = s("a");
        return x;
      },
      [constant("x", 1), start("a", "a"), run(to("x", v("a"))), ret(v("x"))],
    );
  });

  test("closures share what they close over, and objects keep their identity", async () => {
    await agrees(
      async (s) => {
        let n = 0;
        const up = () => {
          n += 1;
          return n;
        };
        const o = { list: [up()] };
        const alias = o.list;
        alias.push(up());
        await s("a", o);
        alias.push(up());
        return [o, alias === o.list, n];
      },
      [
        variable("n", 0),
        fn("up", [], [run(to("n", 1, "+")), ret(v("n"))]),
        constant("o", obj({ list: arr(ap(v("up"))) })),
        constant("alias", at(v("o"), "list")),
        push("alias", ap(v("up"))),
        ...step("a", "a", v("o")),
        push("alias", ap(v("up"))),
        ret(arr(v("o"), bin(v("alias"), "===", at(v("o"), "list")), v("n"))),
      ],
    );
  });

  test("what the module declares is there, anew in each run", async () => {
    await agrees(
      async () => {
        const limit = 3;
        const scaled = (x: number) => x * limit;
        return scaled(2);
      },
      {
        order: "sequence",
        module: [constant("limit", 3), fn("scaled", ["x"], [ret(bin(v("x"), "*", v("limit")))])],
        body: closure("main", [], [ret(ap(v("scaled"), 2))], true),
      },
    );
  });

  test("each closure of an each has its own scope", async () => {
    await agrees(
      async (s, xs: number[]) => {
        const fs: (() => unknown)[] = [];
        xs.forEach((x) => {
          const p = s("a", x);
          fs.push(() => [x, p]);
        });
        return fs.map((f) => f());
      },
      [
        constant("fs", arr()),
        each(
          "forEach",
          v("params"),
          "forEach",
          closure("forEach", ["x"], [start("a", "p", v("x")), push("fs", arrow([], arr(v("x"), v("p"))))]),
          "nothing",
        ),
        ret(does(v("fs"), "map", arrow(["f"], ap(v("f"))))),
      ],
      [1, 2],
    );
  });
});
