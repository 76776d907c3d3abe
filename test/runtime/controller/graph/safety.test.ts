import { describe, expect, test } from "vitest";
import { globals, members } from "../../../../src/model/builtins.ts";
import type { Expression } from "../../../../src/model/expression.ts";
import { getMember } from "../../../../src/runtime/controller/expressions/access.ts";
import { ap, arr, arrow, at, bin, constant, does, g, obj, ret, run, spread, text, to, un, v } from "./build.ts";
import { outcome } from "./evaluate.ts";

const refused = "throws TypeError";

describe("what a body cannot reach", () => {
  test.each([
    "constructor",
    "__proto__",
    "prototype",
    "__defineGetter__",
    "__lookupGetter__",
    "caller",
    "arguments",
    "isPrototypeOf",
  ])("%s of anything", async (name) => {
    const values = [
      {},
      [],
      "s",
      1,
      true,
      1n,
      () => 0,
      new Map(),
      new Date(0),
      /x/,
      new Error("x"),
      Promise.resolve(),
      [].values(),
    ];
    for (const value of values) {
      if (!(name in Object(value))) continue;
      expect(await outcome(at(v("params"), name), value)).toBe(refused);
      expect(await outcome(at(v("params"), text(["", ""], name)), value)).toBe(refused);
      expect(await outcome(at(v("params"), obj([{ key: "toString", value: arrow([], name) }])), value)).toBe(refused);
      expect(
        await outcome(
          [constant({ kind: "object", entries: [{ key: name, target: v("x") }] }, v("params")), ret(v("x"))],
          value,
        ),
      ).toBe(refused);
    }
  });

  test("a class's prototype, and the stack of an error", async () => {
    for (const name of globals.keys()) {
      const value = (globalThis as Record<string, unknown>)[name];
      if (typeof value === "function" && "prototype" in value)
        expect([refused, "undefined"]).toContain(await outcome(at(g(name), "prototype")));
    }
    expect(await outcome(at(v("params"), "stack"), new Error("x"))).toBe(refused);
    expect(await outcome(does(g("JSON"), "stringify", obj([spread(v("params"))])), new Error("x"))).toBe("'{}'");
  });

  test("by any way through members and results, from every global and every type of value", () => {
    const forbidden = new Set<unknown>([
      Function,
      Object.getPrototypeOf(async () => {}).constructor,
      globalThis,
      process,
      Proxy,
      Reflect,
      Math,
      JSON,
    ]);
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      const value = (globalThis as Record<string, unknown>)[name];
      if (name === "eval") forbidden.add(value);
      if (typeof value === "function" && value.prototype) forbidden.add(value.prototype);
    }
    const keys = new Set<string>([
      ...[...members.values()].flatMap((names) => [...names]),
      ...[...globals.values()].flatMap((names) => [...names]),
    ]);
    const collect = (of: object | null): void => {
      for (let each = of; each; each = Object.getPrototypeOf(each))
        for (const key of Object.getOwnPropertyNames(each)) keys.add(key);
    };
    // biome-ignore format: one of each type
    const start: unknown[] = ["s", 1, true, 1n, {}, [1], () => 0, new Map([[1, 2]]), new Set([1]), new Date(0), /x/, new TypeError("x"),
      Promise.resolve(1), new Uint8Array(1), new ArrayBuffer(1), [1].values(), "x".matchAll(/x/g)];
    for (const value of start) collect(Object(value));
    for (const name of globals.keys()) {
      const value = (globalThis as Record<string, unknown>)[name];
      collect(Object(value));
      if (typeof value === "function") start.push(value);
    }
    const seen = new Set<unknown>(start);
    for (const value of seen)
      for (const key of keys) {
        let member: unknown;
        try {
          member = getMember(value, key);
        } catch {
          continue;
        }
        expect(forbidden.has(member), `${key} leads to ${String(member)}`).toBe(false);
        if ((typeof member === "function" || typeof member === "object") && member !== null) seen.add(member);
      }
    expect(seen.size).toBeGreaterThan(250);
  });
});

describe("what a body cannot change", () => {
  test.each<[string, Expression]>([
    ["the prototype of an object", to(at(v("params"), "__proto__"), obj({}))],
    ["a function of the language", to(at(g("Math"), "max"), 1)],
    ["a class of the language", to(at(g("Promise"), "all"), 1)],
    ["by Object.assign", does(g("Object"), "assign", g("Array"), obj({ isArray: 1 }))],
    ["Math by Object.assign", does(g("Object"), "assign", g("Math"), obj({ mine: 1 }))],
    ["by a method on another receiver", does(at(arr(), "push"), "call", g("Array"), 1)],
    ["Math by a method", does(at(arr(), "push"), "call", g("Math"), 1)],
    ["a local function", to(at(arrow([], 1), "name"), "x")],
    ["a Map's own methods", to(at({ kind: "new", callee: g("Map"), args: [] }, "get"), 1)],
    ["a promise", to(at(does(g("Promise"), "resolve", 1), "then"), 1)],
    ["a string", to(at("abc", "length"), 1)],
    ["what is frozen", to(at(does(g("Object"), "freeze", obj({ a: 1 })), "a"), 2)],
    ["a class by deleting", un("delete", at({ kind: "new", callee: g("Set"), args: [] }, "x"))],
    ["an object literal's prototype", obj([{ key: "__proto__", value: obj({}) }])],
    ["an object literal's prototype by a computed key", obj([{ key: text(["__", "__"], "proto"), value: obj({}) }])],
    ["the stack of an error", to(at({ kind: "new", callee: g("Error"), args: [] }, "stack"), "x")],
  ])("%s", async (_name, attack) => {
    const before = [
      Object.getOwnPropertyNames(Array),
      Object.getOwnPropertyNames(Math),
      Object.getOwnPropertyNames(Object.prototype),
    ];
    expect(await outcome([run(attack), ret("done")], {})).toBe(refused);
    expect([
      Object.getOwnPropertyNames(Array),
      Object.getOwnPropertyNames(Math),
      Object.getOwnPropertyNames(Object.prototype),
    ]).toEqual(before);
  });

  test("freezing a class does nothing to it", async () => {
    expect(await outcome([run(does(g("Object"), "freeze", g("Promise"))), ret("done")])).toBe("'done'");
    expect(Object.isFrozen(Promise)).toBe(false);
  });

  test("keys that look like the language's are ordinary where they are an object's own", async () => {
    const counted = [
      constant("counts", obj({})),
      run(to(at(v("counts"), "constructor"), 1)),
      run(to(at(v("counts"), "toString"), 2)),
      ret(arr(at(v("counts"), "constructor"), does(g("Object"), "keys", v("counts")))),
    ];
    expect(await outcome(counted)).toBe("[ 1, [ 'constructor', 'toString' ] ]");
    const parsed = does(g("JSON"), "parse", '{"__proto__": {"polluted": true}}');
    expect(
      await outcome([
        constant("o", parsed),
        ret(arr(at(at(v("o"), "__proto__"), "polluted"), bin("polluted", "in", obj([])))),
      ]),
    ).toBe("[ true, false ]");
    expect(await outcome([constant("o", obj([spread(parsed)])), ret(bin("polluted", "in", v("o")))])).toBe("false");
    expect(
      await outcome([constant("o", does(g("Object"), "assign", obj({}), parsed)), ret(at(v("o"), "polluted"))]),
    ).toBe(refused);
  });

  test("errors made by the body may get a name and fields", async () => {
    const nodes = [
      constant("e", { kind: "new", callee: g("Error"), args: ["boom"] }),
      run(to(at(v("e"), "name"), "Mine")),
      run(to(at(v("e"), "code"), 7)),
      ret(arr(ap(g("String"), v("e")), at(v("e"), "code"))),
    ];
    expect(await outcome(nodes)).toBe("[ 'Mine: boom', 7 ]");
  });
});
