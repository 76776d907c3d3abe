/** What an attacker would try, by what it comes to: nothing that a plain function could not do to its own values. */
import { expect, test } from "vitest";
import type { Expression } from "../../../../src/model/expression.ts";
import type { Node } from "../../../../src/model/node.ts";
import { OutgrownError } from "../../../../src/runtime/controller/graph/fatal.ts";
import { Fuel } from "../../../../src/runtime/controller/graph/fuel.ts";
import { load } from "../../../../src/runtime/controller/graph/load.ts";
import {
  ap,
  arr,
  arrow,
  at,
  bin,
  constant,
  does,
  fn,
  g,
  graph,
  make,
  obj,
  ret,
  run,
  spread,
  text,
  to,
  un,
  v,
  wait,
} from "./build.ts";
import { outcome } from "./evaluate.ts";

const refused = "throws TypeError";
const regexp = (source: string, flags = ""): Expression => ({ kind: "regexp", source, flags });
const assigned = (target: Expression, fields: Record<string, Expression>, then: Expression): Node[] => [
  constant("target", target),
  run(does(g("Object"), "assign", v("target"), obj(fields))),
  ret(then),
];

test.each<[string, Node[] | Expression, string]>([
  ["a class by a method that was bound by call", at(at(at(arr(), "push"), "call"), "constructor"), refused],
  ["call of call", does(at(at(arr(), "push"), "call"), "call", at(arr(), "push"), arr(1), 2), refused],
  ["a static on another class", does(at(g("Array"), "from"), "call", g("Map"), arr(1)), refused],
  ["a static of Promise on another class", does(at(g("Promise"), "all"), "call", g("Array"), arr(1)), refused],
  [
    "a static on a function of one's own",
    [fn("f", [], [ret(obj({}))]), ret(does(at(g("Array"), "from"), "call", v("f"), arr(1)))],
    refused,
  ],
  ["a method on a receiver of another type", does(at(make("Map"), "get"), "call", make("Set"), 1), refused],
  ["what prepares stacks", to(at(g("Error"), "prepareStackTrace"), arrow([], 1)), refused],
  ["what captures stacks", at(g("Error"), "captureStackTrace"), refused],
  [
    "another species of an array",
    [
      constant("a", arr(1)),
      run(to(at(v("a"), "constructor"), g("Promise"))),
      ret(does(v("a"), "map", arrow(["x"], v("x")))),
    ],
    refused,
  ],
  [
    "another constructor of a promise",
    assigned(does(g("Promise"), "resolve", 1), { constructor: g("Array") }, does(v("target"), "then", arrow([], 1))),
    refused,
  ],
  [
    "another constructor of a pattern",
    assigned(regexp("a"), { constructor: g("Array") }, does("aaa", "split", v("target"))),
    refused,
  ],
  ["other flags of a pattern", assigned(regexp("a"), { flags: "g" }, 1), refused],
  ["a method of the library, by assign", assigned(at(arr(), "push"), { x: 1 }, 1), refused],
  ["a class as the text of an object", text(["", ""], obj({ toString: g("Array") })), refused],
  [
    "a class by toJSON",
    does(g("JSON"), "stringify", obj({ toJSON: arrow([], g("Function")) })),
    "throws ReferenceError",
  ],
  [
    "a function by structuredClone",
    [constant("c", ap(g("structuredClone"), obj({ f: arrow([], 1) }))), ret(1)],
    "throws DataCloneError",
  ],
  ["the classes of the language, as their entries", does(g("Object"), "entries", g("Promise")), "[]"],
  ["the members of Math, as values", does(g("Object"), "values", g("Math")), "[]"],
  ["a class spread", obj([spread(g("Promise"))]), "{}"],
  [
    "a class taken apart",
    [constant({ kind: "object", entries: [], rest: v("rest") }, g("Promise")), ret(v("rest"))],
    "{}",
  ],
  ["a table with no prototype", at(does(g("Object"), "groupBy", arr(1), arrow(["x"], 1)), "constructor"), "undefined"],
  [
    "a prototype by fromEntries",
    at(does(g("Object"), "fromEntries", arr(arr("__proto__", obj({ polluted: 1 })))), "polluted"),
    "undefined",
  ],
  [
    "a prototype by a reviver",
    [
      constant("o", does(g("JSON"), "parse", '{"a":1,"__proto__":{"b":2}}', arrow(["k", "x"], v("x")))),
      ret(at(v("o"), "b")),
    ],
    "undefined",
  ],
  ["a function of one's own, by new", { kind: "new", callee: arrow([], 1), args: [] }, refused],
  ["a static, by new", { kind: "new", callee: at(g("Promise"), "resolve"), args: [] }, refused],
  ["instanceof by an object of one's own", bin(1, "instanceof", obj({})), refused],
  ["the global object", at(g("globalThis"), "process"), "throws ReferenceError"],
  ["eval", un("typeof", g("eval")), "'undefined'"],
  [
    "a sort that changes what is sorted",
    [constant("a", arr(2, 1)), ret(does(v("a"), "sort", arrow(["x", "y"], bin(does(v("a"), "push", 0), "-", 9))))],
    "[ 1, 2, 0 ]",
  ],
  [
    "a then that is called twice",
    [wait(obj({ then: arrow(["done"], arr(ap(v("done"), 1), ap(v("done"), 2))) }), "x"), ret(v("x"))],
    "1",
  ],
])("%s", async (_, attack, expected) => {
  expect((await outcome(attack)).split(":")[0]).toBe(expected);
});

test("a pattern that is text by a conversion is bounded as one that is written", async () => {
  const bomb = "^(a+)+$";
  const long = `${"a".repeat(60)}!`;
  const patterns = [bomb, arr(bomb), obj({ toString: arrow([], bomb) }), make("RegExp", bomb, "g"), regexp(bomb, "g")];
  for (const pattern of patterns)
    for (const method of ["match", "matchAll", "search"]) {
      const attack = load(graph(run(does(long, method, pattern))));
      const ended = attack.run(
        undefined,
        { call: async () => undefined },
        { fuel: new Fuel(undefined, { shared: true }) },
      );
      await expect(ended).rejects.toThrow(OutgrownError);
    }
});
