/** Bodies that try to compute, or to grow, without measure by what the library offers: each ends soon, with an error that says what it was. */
import { describe, expect, test } from "vitest";
import type { Expression } from "../../../../src/model/expression.ts";
import type { Node } from "../../../../src/model/node.ts";
import { BudgetError, OutgrownError } from "../../../../src/runtime/controller/graph/fatal.ts";
import { Fuel } from "../../../../src/runtime/controller/graph/fuel.ts";
import { load } from "../../../../src/runtime/controller/graph/load.ts";
import {
  ap,
  arr,
  arrow,
  at,
  attempt,
  bin,
  constant,
  does,
  g,
  graph,
  inc,
  loop,
  make,
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
  wait,
} from "../graph/build.ts";

const host = { call: async () => undefined };
const bigint = (digits: string): Expression => ({ kind: "bigint", digits });
const regexp = (source: string, flags = ""): Expression => ({ kind: "regexp", source, flags });

/** `let x = first; for (let i = 0; i < 1e9; i++) x = next;` */
const growing = (first: Expression, next: Expression): Node[] => [variable("x", first), again(run(to("x", next)))];
const again = (...nodes: Node[]): Node =>
  loop("for", { init: [variable("i", 0)], test: until(bin(v("i"), "<", 1e9)), update: [run(inc("i"))], nodes });
/** An array that holds another one twice, which holds another one twice, and so on: small, and endless to go through. */
const maze = [variable("maze", arr(1)), loopOf(60, run(to("maze", arr(v("maze"), v("maze")))))];
const intoMaze = (what: Expression): Node[] => [...maze, run(what)];
/** An array of so many zeroes. */
const zeroes = (n: number) => does(make("Array", n), "fill", 0);

function loopOf(n: number, ...nodes: Node[]): Node {
  return loop("for", { init: [variable("n", 0)], test: until(bin(v("n"), "<", n)), update: [run(inc("n"))], nodes });
}

const attacks: Record<string, Node[]> = {
  "a string repeated": [run(does("x", "repeat", 2 ** 28))],
  "a string padded": [run(does("x", "padEnd", 2 ** 28))],
  "a string doubled by +": growing("x", bin(v("x"), "+", v("x"))),
  "a string doubled by a template": growing("x", text(["", "", ""], v("x"), v("x"))),
  "a string doubled by concat": growing("x", does(v("x"), "concat", v("x"))),
  "a string doubled by replaceAll": growing("x", does(v("x"), "replaceAll", "x", "xx")),
  "a string squared by replace": growing("xx", does(v("x"), "replace", regexp("x", "g"), "$`$'$&$&")),
  "a string doubled by join": growing("x", does(arr(v("x"), v("x")), "join", v("x"))),
  "a string doubled by a default sort of an array of it": growing(
    arr("x"),
    arr(does(does(v("x"), "concat", v("x")), "join")),
  ),
  "an array by its length": [run(make("Array", 2 ** 31))],
  "an array by an index": [constant("x", arr()), run(to(at(v("x"), 2 ** 31), 1))],
  "an array by a setting of its length": [constant("x", arr()), run(to(at(v("x"), "length"), 2 ** 31))],
  "an array from an object with a length": [run(does(g("Array"), "from", obj({ length: 2 ** 31 })))],
  "an array doubled by concat": growing(arr(1), does(v("x"), "concat", v("x"))),
  "an array doubled by spread": growing(arr(1), arr(spread(v("x")), spread(v("x")))),
  "an array doubled by flatMap": growing(arr(1), does(v("x"), "flatMap", arrow(["y"], v("x")))),
  "an array doubled by flat": growing(arr(1), does(arr(v("x"), v("x")), "flat")),
  "an array doubled by push": growing(arr(1), does(v("x"), "concat", does(v("x"), "slice"))),
  "arrays kept in an array": growing(arr(), arr(v("x"), zeroes(1000))),
  "many long arrays": [again(run(zeroes(100_000)))],
  "a long array of no elements gone through again and again": [
    constant("x", make("Array", 2 ** 24)),
    again(run(does(v("x"), "includes", 1))),
  ],
  "a sort again and again": [constant("x", zeroes(100_000)), again(run(does(v("x"), "toSorted")))],
  "a queue that is shifted": [constant("x", zeroes(1_000_000)), again(run(does(v("x"), "unshift", 1)))],
  "an iterator of a long array": [constant("x", make("Array", 2 ** 24)), again(run(make("Set", does(v("x"), "keys"))))],
  "an iterator that drops": [
    constant("x", make("Array", 2 ** 24)),
    again(run(does(does(does(v("x"), "keys"), "drop", 2 ** 24), "next"))),
  ],
  "an iterator as arguments": [
    constant("x", make("Array", 2 ** 24)),
    again(run(does(g("Math"), "max", spread(does(does(v("x"), "keys"), "take", 50_000))))),
  ],
  "a set of sets": growing(make("Set", arr(1, 2)), does(v("x"), "union", make("Set", zeroes(100_000)))),
  "a table's keys": [
    constant("x", does(g("Object"), "fromEntries", does(zeroes(100_000), "map", arrow(["_", "k"], arr(v("k"), 1))))),
    again(run(does(g("Object"), "keys", v("x")))),
  ],
  "a table spread": [
    constant("x", does(g("Object"), "fromEntries", does(zeroes(100_000), "map", arrow(["_", "k"], arr(v("k"), 1))))),
    again(run(obj([spread(v("x"))]))),
  ],
  "text compared": [
    constant("x", does("x", "repeat", 10_000_000)),
    again(run(bin(bin(v("x"), "+", "y"), "===", bin(v("x"), "+", "z")))),
  ],
  "text searched": [
    constant("x", does("a", "repeat", 1_000_000)),
    again(run(does(v("x"), "includes", bin(does("a", "repeat", 500_000), "+", "b")))),
  ],
  "text as a key": [
    constant("x", does("x", "repeat", 10_000_000)),
    constant("o", obj({})),
    again(run(to(at(v("o"), bin(v("x"), "+", v("i"))), 1))),
  ],
  "a maze as text": intoMaze(ap(g("String"), v("maze"))),
  "a maze as text by +": intoMaze(bin(v("maze"), "+", "")),
  "a maze as text in a template": intoMaze(text(["", ""], v("maze"))),
  "a maze as a number": intoMaze(un("+", v("maze"))),
  "a maze compared": intoMaze(bin(v("maze"), "<", 1)),
  "a maze as a key": intoMaze(at(obj({}), v("maze"))),
  "a maze joined": intoMaze(does(v("maze"), "join")),
  "a maze flattened": intoMaze(does(v("maze"), "flat", g("Infinity"))),
  "a maze as JSON": intoMaze(does(g("JSON"), "stringify", v("maze"))),
  "a maze as an argument of Math": intoMaze(does(g("Math"), "max", v("maze"))),
  "a maze as an argument of a string": intoMaze(does("abc", "includes", v("maze"))),
  "a maze sorted": intoMaze(does(arr(v("maze"), v("maze")), "sort")),
  "a maze as the message of an error": intoMaze(make("Error", v("maze"))),
  "a maze as the name of an error": [
    ...maze,
    constant("e", make("Error", "x")),
    run(to(at(v("e"), "name"), v("maze"))),
    run(text(["", ""], v("e"))),
  ],
  "a maze handed to a class in the place of a function": intoMaze(does(arr(v("maze")), "map", g("String"))),
  "a maze handed to a class by a promise": [
    ...maze,
    wait(does(does(g("Promise"), "resolve", v("maze")), "then", g("String"))),
  ],
  "a maze joined by a method that an object borrows": intoMaze(
    text(
      ["", ""],
      obj([
        { key: "toString", value: at(arr(), "join") },
        { key: "length", value: 2 },
        { key: "0", value: v("maze") },
      ]),
    ),
  ),
  "what pretends to be an array": [run(does(at(arr(), "join"), "call", obj({ length: 2 ** 32 })))],
  "what pretends to be an array by a text": [run(does(at(arr(), "join"), "call", obj({ length: "4294967296" })))],
  "copies again and again": [constant("x", zeroes(100_000)), again(run(ap(g("structuredClone"), v("x"))))],
  "JSON again and again": [constant("x", zeroes(100_000)), again(run(does(g("JSON"), "stringify", v("x"))))],
  "a bigint to a power": [run(bin(bigint("2"), "**", bin(bigint("10"), "**", bigint("9"))))],
  "a bigint shifted": [run(bin(bigint("1"), "<<", bigint("1000000000")))],
  "a bigint squared": growing(bigint("3"), bin(v("x"), "*", v("x"))),
  "a bigint of many digits": [run(ap(g("BigInt"), does("9", "repeat", 10_000_000)))],
  "a bigint's digits": [constant("x", bin(bigint("3"), "**", bigint("600000"))), again(run(does(v("x"), "toString")))],
  "bits of a negative bigint": [run(does(g("BigInt"), "asUintN", 2 ** 29, bigint("-1")))],
  "a buffer": [run(make("Uint8Array", 2 ** 30))],
  "many buffers": [again(run(make("Float64Array", 1_000_000)))],
  "numbers fixed": [again(run(does(v("i"), "toFixed", 100)))],
  "promises without end": [again(wait(1))],
};

describe("a body that grows or computes without measure is ended", () => {
  test.each(Object.entries(attacks))("%s", async (_, nodes) => {
    const ended = load(graph(attempt(nodes, { nodes: [ret("caught")] }))).run(undefined, host, {
      fuel: new Fuel(2_000_000),
    });
    await expect(ended).rejects.toThrow(BudgetError);
  });

  test.each(Object.entries(attacks))("%s: sooner, where other runs share the process", async (_, nodes) => {
    const ended = load(graph(...nodes)).run(undefined, host, { fuel: new Fuel(undefined, { shared: true }) });
    await expect(ended).rejects.toThrow(/outgrown|is the most that it may hold/);
  });
});

test("what a run keeps of a shared process is bounded over all its deliveries", async () => {
  const fuel = new Fuel(undefined, { shared: true });
  const keeps = [variable("all", arr()), again(run(does(v("all"), "push", zeroes(1_000_000))), wait(1))];
  let deliveries = 0;
  const ended = load(graph(...keeps)).run(undefined, host, { fuel });
  const refuelling = setInterval(() => {
    deliveries += 1;
    fuel.refuel();
  });
  await expect(ended).rejects.toThrow(OutgrownError);
  clearInterval(refuelling);
  expect(deliveries).toBeLessThan(1_000);
});

test("the message names what was made, how large it is, and the cap", async () => {
  const made = load(graph(run(does("x", "repeat", 2 ** 28)))).run(undefined, host);
  await expect(made).rejects.toThrow(
    "the pipeline's body makes a string of 268,435,456 characters, and 67,108,864 is the most that it may hold: make and use it in a step",
  );
});

test("a built-in in the place of an object's then is refused where it would compute for long", async () => {
  const then = obj([
    { key: "then", value: at(arr(), "join") },
    { key: "length", value: 2 ** 31 },
  ]);
  await expect(load(graph(wait(then))).run(undefined, host)).rejects.toThrow("computes too long");
});

test("what the language itself refuses, it refuses as ever", async () => {
  const caught = (what: Expression) =>
    load(graph(attempt([run(what)], { as: "e", nodes: [ret(at(v("e"), "name"))] }))).run(undefined, host);
  await expect(caught(does("x", "repeat", 2 ** 30))).resolves.toBe("RangeError");
  await expect(caught(make("Array", -1))).resolves.toBe("RangeError");
  await expect(caught(make("Array", 2 ** 33))).resolves.toBe("RangeError");
  await expect(caught(bin(bigint("2"), "**", bigint("10000000000")))).resolves.toBe("RangeError");
});
