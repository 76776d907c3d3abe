import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UsageError } from "../../src/cli/errors.ts";
import { readParams } from "../../src/cli/params.ts";

test("without flags there are no params", () => {
  expect(readParams({})).toBeUndefined();
});

test("the value of --param is JSON where it reads as JSON, else text", () => {
  const param = ["target=0.97", "name=forest", "deep.er=[1,2]", "text=a=b", "empty=", 'quoted="1"'];
  expect(readParams({ param })).toEqual({
    target: 0.97,
    name: "forest",
    "deep.er": [1, 2],
    text: "a=b",
    empty: "",
    quoted: "1",
  });
});

test("a --param wins over the same name in --params", () => {
  expect(readParams({ params: '{"a":1,"b":2}', param: ["b=3"] })).toEqual({ a: 1, b: 3 });
});

test("--params may name a file", () => {
  const file = join(mkdtempSync(join(tmpdir(), "params-")), "params.json");
  writeFileSync(file, '{"a": 1}');
  expect(readParams({ params: `@${file}` })).toEqual({ a: 1 });
});

test.each<[string, Parameters<typeof readParams>[0], RegExp]>([
  ["text that is no JSON", { params: "{a: 1}" }, /--params cannot be used as params: it is not JSON/],
  ["a file that is not there", { params: "@none.json" }, /file of --params cannot be read.*none\.json/],
  ["a key that reaches for a prototype", { params: '{"__proto__": 1}' }, /"__proto__"/],
  ["a param without a value", { param: ["target"] }, /--param target has no value/],
  ["a param without a name", { param: ["=1"] }, /--param =1 has no value/],
  ["a --param beside --params that is no object", { params: "[1]", param: ["a=1"] }, /--param adds to an object/],
])("%s is refused in a sentence", (_, flags, message) => {
  expect(() => readParams(flags)).toThrow(UsageError);
  expect(() => readParams(flags)).toThrow(message);
});
