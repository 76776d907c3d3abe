import { expect, test } from "vitest";
import type { Node } from "../../../../src/model/node.ts";
import { IdentityError } from "../../../../src/runtime/controller/graph/fatal.ts";
import { type Host, load } from "../../../../src/runtime/controller/graph/load.ts";
import {
  ap,
  arr,
  at,
  attempt,
  bin,
  closure,
  constant,
  does,
  each,
  enter,
  fn,
  graph,
  inc,
  leave,
  loop,
  obj,
  of,
  param,
  ret,
  run,
  start,
  step,
  test as until,
  v,
  variable,
  wait,
  when,
} from "./build.ts";

/** The paths of all calls, in their order; every step gives its input at once, and `bad` fails. */
async function paths(nodes: Node[], params?: unknown): Promise<string[]> {
  const called: string[] = [];
  const host: Host = {
    async call(path, node, input) {
      called.push(path);
      if (node.template === "bad") throw new Error("bad");
      return input;
    },
  };
  await load(graph(...nodes)).run(params, host);
  return called;
}

const named = (id: string, node: Node): Node => ({ ...node, id });

test("a call is named by its node's id, in the run's own context by nothing else", async () => {
  expect(await paths([...step("a", "first"), when(true, step("a", "second"))])).toEqual(["first", "second"]);
});

test("turns count from 1, and a test, a body and an update of one turn share its number", async () => {
  const counting = (form: "while" | "do" | "for") =>
    named(
      form,
      loop(form, {
        ...(form === "for" && { init: step("s", "init") }),
        ...(form === "for" && { update: [...step("s", "update"), run(inc("n"))] }),
        test: until(bin(v("n"), "<", 2), ...step("s", "test")),
        nodes: [...step("s", "body"), ...(form === "for" ? [] : [run(inc("n"))])],
      }),
    );
  expect(await paths([variable("n", 0), counting("while")])).toEqual([
    "while[1]/test",
    "while[1]/body",
    "while[2]/test",
    "while[2]/body",
    "while[3]/test",
  ]);
  expect(await paths([variable("n", 0), counting("do")])).toEqual([
    "do[1]/body",
    "do[1]/test",
    "do[2]/body",
    "do[2]/test",
  ]);
  expect(await paths([variable("n", 0), counting("for")])).toEqual([
    "init",
    "for[1]/test",
    "for[1]/body",
    "for[1]/update",
    "for[2]/test",
    "for[2]/body",
    "for[2]/update",
    "for[3]/test",
  ]);
});

test("activations count per caller and function", async () => {
  const twice = fn("twice", ["x"], [...step("s", "inc", v("x")), wait(v("$inc")), ret(v("inc"))], true);
  expect(
    await paths([
      twice,
      enter("twice", "a", 1),
      enter("twice", "b", 2),
      named(
        "loop1",
        loop("of", { over: of("x", arr(1, 2)), nodes: [enter("twice", "c", v("x")), enter("twice", "d", v("x"))] }),
      ),
      wait(does({ kind: "global", name: "Promise" }, "all", arr(v("a"), v("b")))),
    ]),
  ).toEqual([
    "twice#1/inc",
    "twice#2/inc",
    "loop1[1]/twice#1/inc",
    "loop1[1]/twice#2/inc",
    "loop1[2]/twice#1/inc",
    "loop1[2]/twice#2/inc",
  ]);
});

test("the path is that of the caller, not of the definition", async () => {
  const inner = fn("inner", [], [start("s", "s"), ret(v("s"))]);
  const outer = fn("outer", ["f"], [run(ap(v("f"))), wait(null), run(ap(v("f")))], true);
  expect(
    await paths([
      inner,
      outer,
      enter("outer", "a", v("inner")),
      enter("outer", "b", v("inner")),
      wait(v("a")),
      wait(v("b")),
    ]),
  ).toEqual(["outer#1/inner#1/s", "outer#2/inner#1/s", "outer#1/inner#2/s", "outer#2/inner#2/s"]);
});

test("each call of an each's function is a turn", async () => {
  const body = closure(
    "fits",
    ["x"],
    [...step("s", "fit", v("x")), wait(null), ...step("s", "score", v("fit")), ret(v("score"))],
    true,
  );
  expect(
    await paths([
      each("fits", arr(1, 2), "map", body, "all"),
      wait(does({ kind: "global", name: "Promise" }, "all", v("all"))),
    ]),
  ).toEqual(["fits[1]/fit", "fits[2]/fit", "fits[1]/score", "fits[2]/score"]);
});

test("what a promise calls later belongs to the turn that handed it over", async () => {
  const nodes = [
    fn("later", ["x"], [start("s", "s", v("x")), ret(v("s"))]),
    constant("all", arr()),
    named(
      "loop1",
      loop("of", {
        over: of("p", v("params")),
        nodes: [run(does(v("all"), "push", does(v("p"), "then", v("later"))))],
      }),
    ),
    wait(does({ kind: "global", name: "Promise" }, "all", v("all"))),
    ...step("s", "end"),
  ];
  const slow = new Promise((resolve) => setImmediate(resolve, 1));
  expect(await paths(nodes, [slow, Promise.resolve(2)])).toEqual(["loop1[2]/later#1/s", "loop1[1]/later#1/s", "end"]);
});

test("what nobody calls belongs to the context that made it", async () => {
  const nodes = [
    named(
      "loop1",
      loop("of", {
        over: of("x", arr(1, 2)),
        nodes: [
          fn("then", ["resolve"], [start("s", "s"), run(ap(v("resolve"), v("s")))]),
          wait(obj({ then: v("then") }), "y"),
        ],
      }),
    ),
  ];
  expect(await paths(nodes)).toEqual(["loop1[1]/then#1/s", "loop1[2]/then#1/s"]);
});

test("after an error in a turn, and after a break, the context is the one around", async () => {
  const failing = named("loop1", loop("of", { over: of("x", arr(1)), nodes: step("bad", "bad") }));
  const leaving = named("loop2", loop("of", { over: of("y", arr(1)), nodes: [...step("s", "in"), leave()] }));
  expect(
    await paths([attempt([failing], { nodes: step("s", "caught") }, step("s", "last")), leaving, ...step("s", "end")]),
  ).toEqual(["loop1[1]/bad", "caught", "last", "loop2[1]/in", "end"]);
  const failingAtOnce = named("loop1", loop("of", { over: of("x", arr(1)), nodes: [run(at(null, "x"))] }));
  expect(await paths([attempt([failingAtOnce], { nodes: step("s", "caught") }, step("s", "last"))])).toEqual([
    "caught",
    "last",
  ]);
});

test("a function whose parameter's default calls a step has that call in its own activation", async () => {
  const nodes = [
    fn("seed", [], [start("s", "s"), ret(v("s"))]),
    fn("f", [param({ target: v("x"), default: ap(v("seed")) })], [ret(v("x"))]),
    enter("f", "a"),
    wait(v("a")),
  ];
  expect(await paths(nodes)).toEqual(["f#1/seed#1/s"]);
});

test("two calls of one identity are an internal error that the body cannot catch", async () => {
  const twice = [...step("s", "same"), start("s", "other", undefined, "same")];
  await expect(paths([attempt(twice, { nodes: [ret("caught")] })])).rejects.toThrow(IdentityError);
  await expect(paths([attempt(twice, { nodes: [] })])).rejects.toThrow('"same" twice');
});

test("decisions are told with their path", async () => {
  const told: unknown[] = [];
  const host: Host = {
    call: async () => 0,
    decide: ({ path, node, outcome }) => told.push([path, node.kind, outcome]),
  };
  const branch = named("if1", when(bin(v("n"), "===", 1), [], []));
  const nodes = [
    variable("n", 0),
    named(
      "loop1",
      loop("while", { test: until(bin(v("n"), "<", 2)), nodes: [branch, run(inc("n")), ...step("s", "p")] }),
    ),
  ];
  await load(graph(...nodes)).run(undefined, host);
  expect(told).toEqual([
    ["loop1[1]", "loop", 1],
    ["loop1[1]/if1", "branch", -1],
    ["loop1[2]", "loop", 1],
    ["loop1[2]/if1", "branch", 0],
    ["loop1[3]", "loop", -1],
  ]);
});
