import { describe, expect, test } from "vitest";
import { globals, members } from "../../../../src/model/builtins.ts";
import { ap, arr, at, g, make, ret, spread, v, variable } from "./build.ts";
import { nativeOutcome, outcome, shown } from "./evaluate.ts";

// biome-ignore lint/suspicious/noExplicitAny: any receiver
type Any = any;

/** A new receiver each time, as methods change it. */
// biome-ignore format: a row per type
const receivers: Record<string, (() => Any)[]> = {
  String: [() => "", () => "Hello, wörld", () => "a-b-c-a", () => "\ud800x", () => "  pad "],
  Number: [() => 0, () => -0, () => 255.5, () => NaN, () => 1e21],
  BigInt: [() => 10n, () => -7n],
  Boolean: [() => true],
  Array: [() => [], () => [3, 1, 2, 1], () => ["b", undefined, null, "a"], () => [[1, [2]], [3]], () => new Array(3), () => [1, 2, 3].flatMap((x) => [x]).toSpliced(1, 1)],
  Object: [() => ({}), () => ({ a: 1 }), () => Object.create(null)],
  Map: [() => new Map(), () => new Map<Any, Any>([["a", 1], [NaN, 2]])],
  Set: [() => new Set(), () => new Set([1, 2, 3])],
  Date: [() => new Date(0), () => new Date(1_700_000_000_000), () => new Date(NaN)],
  RegExp: [() => /a(?<x>.)/g, () => /(\d+)/, () => /^$/my],
  Error: [() => new Error("boom", { cause: 1 })],
  TypeError: [() => new TypeError("boom")],
  AggregateError: [() => new AggregateError([1, 2], "many")],
  ArrayBuffer: [() => new ArrayBuffer(8)],
  Uint8Array: [() => new Uint8Array([3, 1, 2]), () => new Uint8Array()],
  Float64Array: [() => new Float64Array([1.5, NaN, -0])],
  BigInt64Array: [() => new BigInt64Array([1n, -1n])],
  IteratorObject: [() => [1, 2, 3].values(), () => new Set([1]).entries()],
};

const argumentLists: (() => Any[])[] = [
  () => [],
  () => [0],
  () => [1],
  () => [-1],
  () => [1, 2],
  () => ["a"],
  () => ["a", "b"],
  () => [1, "x", 5],
  () => [undefined],
  () => [null],
  () => [NaN],
  () => [/a/g],
  () => [/a/g, "[$&]"],
  () => [new Set([2, 9])],
  () => [[1, 2]],
  () => [(x: Any) => x],
  () => [(x: Any, y: Any) => (x < y ? 1 : -1)],
  () => [(sum: Any, x: Any) => `${sum}${x}`, ""],
  () => [(x: Any) => x === 1, "more"],
  () => [2n],
];

/** Iterators are shown by what they give. */
const drained = (value: Any): unknown => (typeof value?.next === "function" ? [...value] : value);

describe("members give what they give in JavaScript", () => {
  test.each(Object.entries(receivers))("of %s, with every list of arguments", async (type, makes) => {
    for (const name of members.get(type) ?? [])
      for (const receiver of makes)
        for (const args of typeof receiver()?.[name] === "function" ? argumentLists : [() => []]) {
          const [native, ours] = [receiver(), receiver()];
          const isMethod = typeof native?.[name] === "function";
          const expected = nativeOutcome(() => [
            drained(isMethod ? native[name](...args()) : native[name]),
            drained(native),
          ]);
          const read = at(at(v("params"), "of"), name);
          const program = isMethod ? ap(read, spread(at(v("params"), "args"))) : read;
          const nodes = [
            variable("given", program),
            ret(arr(ap(at(v("params"), "drained"), v("given")), ap(at(v("params"), "drained"), at(v("params"), "of")))),
          ];
          expect(`${name} ${await outcome(nodes, { of: ours, args: args(), drained })}`).toBe(`${name} ${expected}`);
        }
  });

  test("own properties are there, whatever they are called, and what is nowhere is undefined", async () => {
    const own = { constructor: 1, toString: 2, hasOwnProperty: 3, prototype: 4, stack: 5, "": 6 };
    for (const key of Object.keys(own)) expect(await outcome(at(v("params"), key), own)).toBe(shown((own as Any)[key]));
    for (const of of [{}, [], "s", 1, new Map(), () => 0, new Error("x"), Object.create(null)])
      expect(await outcome(at(v("params"), "nowhere"), of)).toBe("undefined");
    for (const key of ["nowhere", 0, -1, 1.5, "01"])
      expect(await outcome(at(v("params"), key), [7])).toBe(shown(([7] as Any)[key]));
  });
});

describe("globals", () => {
  test("the static members are the language's own", async () => {
    for (const [name, keys] of globals)
      for (const key of keys) {
        const native = (globalThis as Any)[name][key];
        const isReplaced = ["Object.assign", "Object.freeze"].includes(`${name}.${key}`);
        if (!isReplaced)
          expect(`${name}.${key} ${await outcome(at(g(name), key))}`).toBe(`${name}.${key} ${shown(native)}`);
      }
  });

  test.each<[string, Any[]]>([
    ["Error", ["boom", { cause: 1 }]],
    ["RangeError", ["boom"]],
    ["AggregateError", [[1], "many"]],
    ["Map", [[["a", 1]]]],
    ["Set", ["aba"]],
    ["Date", [2020, 1, 2]],
    ["Date", ["2020-01-02"]],
    ["RegExp", ["a", "g"]],
    ["Array", [3]],
    ["Array", [1, 2]],
    ["Uint8Array", [[1, 300]]],
    ["Object", [1]],
    ["ArrayBuffer", [4]],
    ["Map", [5]],
    ["Array", [-1]],
    ["BigInt", [1]],
    ["parseInt", ["1"]],
  ])("new %s(...%j)", async (name, args) => {
    const expected = nativeOutcome(() => new (globalThis as Any)[name](...args));
    expect(await outcome(make(name, spread(v("params"))), args)).toBe(expected);
  });

  test("an instance of a built-in class is one, of anything else a TypeError", async () => {
    const is = (name: string) => ({ kind: "binary", op: "instanceof", left: v("params"), right: g(name) }) as const;
    expect(await outcome(is("Error"), new RangeError("x"))).toBe("true");
    expect(await outcome(is("TypeError"), new RangeError("x"))).toBe("false");
    expect(await outcome(is("Object"), [])).toBe("true");
    expect(await outcome(is("Math"), {})).toBe("throws TypeError");
    expect(await outcome(is("parseInt"), {})).toBe("throws TypeError");
  });

  test("a global that is not there is a ReferenceError, and of type undefined", async () => {
    for (const name of [
      "process",
      "globalThis",
      "constructor",
      "__proto__",
      "console",
      "Function",
      "eval",
      "Proxy",
      "Reflect",
      "Symbol",
    ]) {
      expect(await outcome(g(name))).toBe(`throws ReferenceError: ${name} is not defined`);
      expect(await outcome({ kind: "unary", op: "typeof", of: g(name) })).toBe("'undefined'");
    }
  });
});
