import { expect, test } from "vitest";
import type { Node } from "../../../../src/model/node.ts";
import { PipelineError } from "../../../../src/model/pipeline.ts";
import { BudgetError } from "../../../../src/runtime/controller/graph/fatal.ts";
import { Fuel } from "../../../../src/runtime/controller/graph/fuel.ts";
import { type Host, load } from "../../../../src/runtime/controller/graph/load.ts";
import {
  ap,
  arr,
  arrow,
  at,
  attempt,
  bin,
  block,
  does,
  fail,
  fn,
  g,
  graph,
  inc,
  leave,
  loop,
  make,
  maybe,
  of,
  ret,
  run,
  skip,
  start,
  step,
  test as until,
  v,
  value,
  variable,
  wait,
} from "./build.ts";

const host: Host = { call: async (_path, _node, input) => input };
const running = (fuel: Fuel, ...nodes: Node[]) => load(graph(...nodes)).run(undefined, host, { fuel });

test("a body that computes without end is stopped, and can neither catch that nor delay it", async () => {
  const forever = loop("for", { nodes: [] });
  await expect(running(new Fuel(1000), forever)).rejects.toThrow(BudgetError);
  await expect(running(new Fuel(1000), attempt([forever], { nodes: [ret("caught")] }))).rejects.toThrow(BudgetError);
  await expect(running(new Fuel(1000), attempt([forever], undefined, [ret("last")]))).rejects.toThrow(BudgetError);
  await expect(running(new Fuel(1000), loop("for", { nodes: [wait(null)] }))).rejects.toThrow(BudgetError);
});

test("nothing starts any more once the fuel ran out: no handler, no finally, no closing of an iterator", async () => {
  const called: string[] = [];
  const recording: Host = {
    async call(path) {
      called.push(path);
    },
  };
  const forever = loop("for", { nodes: [] });
  const bodies = [
    [attempt([forever], { nodes: [start("s", "caught")] })],
    [attempt([forever], undefined, [start("s", "last")])],
    [
      attempt(
        [loop("await", { over: of("x", arr(1)), nodes: [forever] })],
        { nodes: step("s", "caught") },
        step("s", "last"),
      ),
    ],
  ];
  for (const nodes of bodies)
    await expect(load(graph(...nodes)).run(undefined, recording, { fuel: new Fuel(1000) })).rejects.toThrow(
      BudgetError,
    );
  await new Promise(setImmediate);
  expect(called).toEqual([]);
});

test("recursion and callbacks burn fuel too", async () => {
  const recursive = [fn("f", [], [wait(null), wait(ap(v("f")))], true), wait(ap(v("f")))];
  await expect(running(new Fuel(1000), ...recursive)).rejects.toThrow(BudgetError);
  const callbacks = does(does(g("Array"), "from", make("Uint8Array", 2000)), "map", arrow([], 0));
  await expect(running(new Fuel(1000), run(callbacks))).rejects.toThrow(BudgetError);
});

test("a promise that swallows what is thrown does not keep the run going", async () => {
  const swallowed = [
    fn("spin", [], [loop("for", { nodes: [] })], true),
    run(does(ap(v("spin")), "catch", g("String"))),
    wait(make("Promise", arrow([], 0))), // for ever
  ];
  await expect(running(new Fuel(1000), ...swallowed)).rejects.toThrow(BudgetError);
});

test("each delivery has fuel anew, and what ran out stays so", async () => {
  const fuel = new Fuel(200);
  const counting = loop("for", {
    init: [variable("i", 0)],
    test: until(bin(v("i"), "<", 60)),
    update: [run(inc("i"))],
  });
  const refuelling: Host = {
    async call() {
      await new Promise(setImmediate);
      fuel.refuel();
    },
  };
  const twice = graph(counting, ...step("a", "a"), { ...counting, id: "again" });
  await expect(load(twice).run(undefined, refuelling, { fuel })).resolves.toBeUndefined();
  await expect(load(twice).run(undefined, host, { fuel: new Fuel(200) })).rejects.toThrow(
    "Move long computations into a step",
  );

  const empty = new Fuel(0);
  empty.left = -1;
  empty.refuel();
  expect(empty.left).toBe(-1);
});

test("recursion that is too deep is the language's RangeError, which can be caught", async () => {
  const deep = [
    fn("f", [], [ret(ap(v("f")))]),
    attempt([run(ap(v("f")))], { as: "e", nodes: [ret(at(v("e"), "name"))] }),
  ];
  await expect(running(new Fuel(), ...deep)).resolves.toBe("RangeError");
});

test.each<[string, Node[]]>([
  ['uses the variable "x"', [run(v("x"))]],
  ["break with nothing", [leave()]],
  ['break "far" with nothing', [loop("for", { nodes: [leave("far")] })]],
  ['continue "here" with nothing', [block("here", skip("here"))]],
  ["break with nothing", [loop("for", { nodes: [fn("f", [], [leave()])] })]],
  ["awaits in a function that is not async", [fn("f", [], [wait(1)])]],
  ["neither a template nor a function", [{ kind: "call", id: "c", args: [], into: "c" }]],
  ["nothing to loop over", [loop("of", {})]],
  ["optional access that no chain ends", [run(maybe(1, "x"))]],
  ["a regular expression that is none", [run({ kind: "regexp", source: "(", flags: "" })]],
  ["which is no variable", [{ kind: "let", id: "l", declare: "const", target: at(1, "x"), value: 1 }]],
  ["updates a pattern", [run(inc({ kind: "array", items: [] }))]],
])("a graph that %s is refused before it runs", (message, nodes) => {
  expect(() => load(graph(...nodes))).toThrow(PipelineError);
  expect(() => load(graph(...nodes))).toThrow(message);
});

test("chance and time come from the host, by the path that asks, or not at all", async () => {
  const asked: string[] = [];
  const chance: Host = {
    call: host.call,
    chance(path, name) {
      asked.push(`${path}: ${name}`);
      return 0.5;
    },
  };
  const random = {
    ...loop("of", {
      over: { value: { kind: "array", items: [1] }, target: v("x"), declare: "const" },
      nodes: [run(does(g("Math"), "random"))],
    }),
    id: "loop1",
  };
  await load(graph(random)).run(undefined, chance);
  await expect(load(value(does(g("Date"), "now"))).run(undefined, chance)).resolves.toBe(0.5);
  await expect(load(value(make("Date"))).run(undefined, chance)).resolves.toEqual(new Date(0));
  await expect(load(value(ap(g("Date")))).run(undefined, chance)).resolves.toBe(new Date(0).toString());
  expect(asked).toEqual(["loop1[1]/Math.random#1: Math.random", ...Array(3).fill("Date.now#1: Date.now")]);
  await expect(load(value(make("Date"))).run(undefined, host)).rejects.toThrow("Date.now is not available");
});

test("a failure of the module's own constants, and of a body that is not async, rejects", async () => {
  const broken = { ...value(1), module: [run(at(null, "x"))] };
  await expect(load(broken).run(undefined, host)).rejects.toThrow(TypeError);
  const sync = graph(fail("thrown"));
  await expect(load({ ...sync, body: { ...sync.body, async: false } }).run(undefined, host)).rejects.toBe("thrown");
});
