import { expect, test } from "vitest";
import {
  ap,
  arr,
  arrow,
  at,
  bin,
  closure,
  constant,
  does,
  each,
  enter,
  fail,
  fn,
  g,
  inc,
  loop,
  make,
  obj,
  of,
  ret,
  run,
  spread,
  start,
  step,
  to,
  test as until,
  v,
  variable,
  wait,
  when,
} from "./build.ts";
import { agrees } from "./compare.ts";

// biome-ignore lint/suspicious/noExplicitAny: null, hidden from the type checker
const missing = (): any => null;

test("an await holds what follows, a call does not", async () => {
  const { calls } = await agrees(
    async (s) => {
      const a = await s("a", 1);
      const b = s("b", a);
      const c = s("c", 3);
      return [await c, await b];
    },
    [
      ...step("a", "a", 1),
      start("b", "b", v("a")),
      start("c", "c", 3),
      wait(v("c"), "cv"),
      wait(v("b"), "bv"),
      ret(arr(v("cv"), v("bv"))),
    ],
  );
  expect(calls).toHaveLength(3);
});

test("an await of what is no promise takes one tick", async () => {
  await agrees(
    async (s) => {
      void s("a");
      await 1;
      void s("b");
      await undefined;
      await null;
      void s("c");
    },
    [start("a", "a"), wait(1), start("b", "b"), wait(g("undefined")), wait(null), start("c", "c")],
  );
});

test("a returned promise is adopted, with the ticks of an async function", async () => {
  const two = [wait(ap(v("f")), "x"), start("after", "after", v("x")), ret(v("after"))];
  await agrees(
    async (s) => {
      const f = async () => s("a", 1);
      const x = await f();
      return s("after", x);
    },
    [fn("f", [], [start("a", "a", 1), ret(v("a"))], true), ...two],
  );
  await agrees(
    async (s) => {
      const f = async () => await s("a", 1);
      const x = await f();
      return s("after", x);
    },
    [fn("f", [], [start("a", "a", 1), wait(v("a"), "av"), ret(v("av"))], true), ...two],
  );
  await agrees(
    async (s) => {
      const f = async () => Promise.resolve(7);
      const x = await f();
      return s("after", x);
    },
    [fn("f", [], [ret(does(g("Promise"), "resolve", 7))], true), ...two],
  );
});

test("async functions run beside each other as the language interleaves them", async () => {
  await agrees(
    async (s) => {
      const work = async (name: string, n: number) => {
        let sum = 0;
        for (let i = 0; i < n; i++) {
          sum += (await s(name, i)) as number;
          await null;
          void s("mark", name);
        }
        return sum;
      };
      const a = work("a", 3);
      const b = work("b", 2);
      const c = work("c", 1);
      return [await b, await Promise.all([a, c])];
    },
    [
      fn(
        "work",
        ["name", "n"],
        [
          variable("sum", 0),
          loop("for", {
            init: [variable("i", 0)],
            test: until(bin(v("i"), "<", v("n"))),
            update: [run(inc("i"))],
            nodes: [
              when(
                bin(v("name"), "===", "a"),
                [start("a", "$a", v("i")), wait(v("$a"), "ra"), run(to("sum", v("ra"), "+"))],
                [
                  when(
                    bin(v("name"), "===", "b"),
                    [start("b", "$b", v("i")), wait(v("$b"), "rb"), run(to("sum", v("rb"), "+"))],
                    [start("c", "$c", v("i")), wait(v("$c"), "rc"), run(to("sum", v("rc"), "+"))],
                  ),
                ],
              ),
              wait(null),
              start("mark", "$mark", v("name")),
            ],
          }),
          ret(v("sum")),
        ],
        true,
      ),
      enter("work", "pa", "a", 3),
      enter("work", "pb", "b", 2),
      enter("work", "pc", "c", 1),
      wait(v("pb"), "vb"),
      wait(does(g("Promise"), "all", arr(v("pa"), v("pc"))), "vac"),
      ret(arr(v("vb"), v("vac"))),
    ],
  );
});

test.each(["all", "allSettled", "race", "any"] as const)(
  "Promise.%s over steps of which one fails",
  async (combinator) => {
    await agrees(
      async (s) => {
        const ps = [s("a", 1), s("bad", 2), s("c", 3)];
        // biome-ignore lint/suspicious/noExplicitAny: one of four
        const done = await (Promise as any)[combinator](ps);
        await s("after", JSON.stringify(done));
        return done;
      },
      [
        start("a", "a", 1),
        start("bad", "b", 2),
        start("c", "c", 3),
        constant("ps", arr(v("a"), v("b"), v("c"))),
        wait(does(g("Promise"), combinator, v("ps")), "done"),
        ...step("after", "after", does(g("JSON"), "stringify", v("done"))),
        ret(v("done")),
      ],
    );
  },
);

test("xs.map with an async function, and with a sync one that gives promises", async () => {
  await agrees(
    async (s, xs: number[]) => {
      const a = await Promise.all(xs.map(async (x, i) => [i, await s("a", x)]));
      const b = await Promise.all(xs.map((x) => s("b", x)));
      return [a, b];
    },
    [
      each(
        "map",
        v("params"),
        "map",
        closure("map", ["x", "i"], [...step("a", "r", v("x")), ret(arr(v("i"), v("r")))], true),
        "as",
      ),
      wait(does(g("Promise"), "all", v("as")), "a"),
      each("map2", v("params"), "map", closure("map2", ["y"], [start("b", "p", v("y")), ret(v("p"))]), "bs"),
      wait(does(g("Promise"), "all", v("bs")), "b"),
      ret(arr(v("a"), v("b"))),
    ],
    [10, 20, 30],
  );
});

test("an async reduce waits for what came before", async () => {
  await agrees(
    async (s, xs: number[]) =>
      xs.reduce(async (sum, x) => ((await sum) as number) + ((await s("a", x)) as number), Promise.resolve(0)),
    [
      each(
        "reduce",
        v("params"),
        "reduce",
        closure(
          "reduce",
          ["sum", "x"],
          [wait(v("sum"), "before"), ...step("a", "r", v("x")), ret(bin(v("before"), "+", v("r")))],
          true,
        ),
        "sum2",
        does(g("Promise"), "resolve", 0),
      ),
      ret(v("sum2")),
    ],
    [1, 2, 3],
  );
});

test("then, catch and finally call back on their own ticks", async () => {
  await agrees(
    async (s) => {
      const p = s("a", 1);
      const q = p.then((x) => s("b", x));
      const r = s("bad", 2).catch(() => s("c", "caught"));
      const t = q.finally(() => s("d"));
      return Promise.all([q, r, t]);
    },
    [
      start("a", "p", 1),
      each("then", v("p"), "then", closure("then", ["x"], [start("b", "b", v("x")), ret(v("b"))]), "q"),
      start("bad", "bad", 2),
      fn("onCatch", [], [start("c", "c", "caught"), ret(v("c"))]),
      constant("r", does(v("bad"), "catch", v("onCatch"))),
      fn("onFinally", [], [start("d", "d"), ret(v("d"))]),
      constant("t", does(v("q"), "finally", v("onFinally"))),
      ret(does(g("Promise"), "all", arr(v("q"), v("r"), v("t")))),
    ],
  );
});

test("an object with a then of its own is awaited as the language does", async () => {
  await agrees(
    async (s) => {
      const x = await { then: (resolve: (value: unknown) => void) => resolve(s("a", 1)) };
      return s("b", x);
    },
    [
      fn("then", ["resolve"], [start("a", "a", 1), ret(ap(v("resolve"), v("a")))]),
      wait(obj({ then: v("then") }), "x"),
      start("b", "b", v("x")),
      ret(v("b")),
    ],
  );
});

test("a promise made by hand is settled by what has its resolvers", async () => {
  await agrees(
    async (s) => {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      const done = (async () => {
        await s("a");
        resolve(5);
      })();
      const made = new Promise((_yes, no) => no(new RangeError("made")));
      const caught = made.catch((error) => error.message);
      return [await promise, await done, await caught];
    },
    [
      constant(
        { kind: "object", entries: ["promise", "resolve"].map((key) => ({ key, target: v(key) })) },
        does(g("Promise"), "withResolvers"),
      ),
      fn("work", [], [...step("a", "a"), run(ap(v("resolve"), 5))], true),
      constant("done", ap(v("work"))),
      constant("made", make("Promise", arrow(["yes", "no"], ap(v("no"), make("RangeError", "made"))))),
      constant("caught", does(v("made"), "catch", arrow(["error"], at(v("error"), "message")))),
      wait(v("promise"), "x"),
      wait(v("done"), "y"),
      wait(v("caught"), "z"),
      ret(arr(v("x"), v("y"), v("z"))),
    ],
  );
});

test("recursion of an async function", async () => {
  await agrees(
    async (s) => {
      const down = async (n: number): Promise<unknown[]> => (n === 0 ? [] : [await s("a", n), ...(await down(n - 1))]);
      return [await down(3), await down(2)];
    },
    [
      fn(
        "down",
        ["n"],
        [
          when(bin(v("n"), "===", 0), [ret(arr())]),
          ...step("a", "a", v("n")),
          wait(ap(v("down"), bin(v("n"), "-", 1)), "rest"),
          ret(arr(v("a"), spread(v("rest")))),
        ],
        true,
      ),
      wait(ap(v("down"), 3), "x"),
      wait(ap(v("down"), 2), "y"),
      ret(arr(v("x"), v("y"))),
    ],
  );
});

test("a parameter's default that throws rejects an async function, and throws out of a sync one", async () => {
  await agrees(
    async (s) => {
      const f = async (x = s("a") === missing().y) => x;
      return f().catch((error) => error instanceof TypeError);
    },
    [
      fn("g1", [], [start("a", "a"), ret(v("a"))]),
      fn("f", [{ target: v("x"), default: bin(ap(v("g1")), "===", at(null, "y")) }], [ret(v("x"))], true),
      ret(does(ap(v("f")), "catch", arrow(["error"], bin(v("error"), "instanceof", g("TypeError"))))),
    ],
  );
  await agrees(async () => {
    const f = (x = missing().y) => x;
    return f();
  }, [fn("f", [{ target: v("x"), default: at(null, "y") }], [ret(v("x"))]), ret(ap(v("f")))]);
});

test("a step's error is thrown where it is awaited, by its class", async () => {
  const { outcome } = await agrees(
    async (s) => {
      await s("bad", 1);
    },
    step("bad", "x", 1),
  );
  expect(outcome).toBe("threw RangeError: bad 1");
  await agrees(async () => {
    throw { any: "thing" };
  }, [fail(obj({ any: "thing" }))]);
});

test("for…of over steps that were started before", async () => {
  await agrees(
    async (s, xs: number[]) => {
      const ps = xs.map((x) => s("a", x));
      const out: unknown[] = [];
      for (const p of ps) out.push(await p);
      return out;
    },
    [
      each("map", v("params"), "map", closure("map", ["x"], [start("a", "p", v("x")), ret(v("p"))]), "ps"),
      constant("out", arr()),
      loop("of", { over: of("q", v("ps")), nodes: [wait(v("q"), "r"), run(does(v("out"), "push", v("r")))] }),
      ret(v("out")),
    ],
    [1, 2, 3],
  );
});
