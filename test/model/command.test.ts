import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { commandInput, commandWords, filledIn } from "../../src/model/command.ts";
import { printCommand, splitCommand } from "../../src/model/command-line.ts";
import { plainJson } from "../../src/model/plain-json.ts";

describe("a line is split into words", () => {
  it.each([
    ["python train.py", ["python", "train.py"]],
    ["  a \t b\n", ["a", "b"]],
    ["a 'two words' \"and 'three' words\"", ["a", "two words", "and 'three' words"]],
    ['a "say \\"hi\\" \\\\ \\n"', ["a", 'say "hi" \\ \\n']],
    ["a two\\ words \\'", ["a", "two words", "'"]],
    ["--note='x y'z", ["--note=x yz"]],
    ["a '' \"\"", ["a", "", ""]],
    ["a '$HOME | *' {rate}", ["a", "$HOME | *", "{rate}"]],
  ])("%j", (line, words) => {
    expect(splitCommand(line)).toEqual(words);
  });

  it.each([
    ["a 'b", "a quote that does not end"],
    ['a "b\\"', "a quote that does not end"],
    ["a \\", "ends with a backslash"],
    ["a | b", "a |, which only a shell understands"],
    ["a > out.txt", "a >, which only a shell understands"],
    ["a && b", "a &, which"],
    ["echo $HOME", "a $, which"],
    ["cat *.csv", "a *, which"],
    ["a; rm b", "a ;, which"],
  ])("%j is refused", (line, reason) => {
    expect(() => splitCommand(line)).toThrow(reason);
  });

  it("and printed so that it is split into the same words", () => {
    expect(printCommand(["node", "-e", "it's", "", "{rate}"])).toBe("node -e 'it'\\''s' '' {rate}");
    const words = fc.array(fc.string({ unit: fc.constantFrom("a", " ", "'", '"', "\\", "$", "\n", "{", "é") }));
    fc.assert(fc.property(words, (words) => void expect(splitCommand(printCommand(words))).toEqual(words)));
  });
});

test.each([
  ["", "names no program"],
  [[], "names no program"],
  ["{tool} x", "parameters are for its arguments"],
  [["a", "b\0c"], "no text that a program can be given"],
])("the command %j is refused", (command, reason) => {
  expect(() => commandWords(command)).toThrow(reason);
});

describe("parameters", () => {
  const words = ["train", "--rate={rate}", "{steps}", "{ok}", "{net}", "{x} {y}", "const {a} = b", "{}", "{net}"];

  it("stand in the place of arguments, or behind their =, and nowhere else; what they hold is not looked into", () => {
    const given = { rate: 0.5, steps: "$(rm -rf /) {rate} 'x", ok: true, net: { layers: [1] } };
    expect(filledIn(words, given)).toEqual([
      "train",
      "--rate=0.5",
      "$(rm -rf /) {rate} 'x",
      "true",
      '{"layers":[1]}',
      "{x} {y}",
      "const {a} = b",
      "{}",
      '{"layers":[1]}',
    ]);
  });

  it("are known by the arguments and by the values of the beginning", () => {
    expect(commandInput(words, { rate: 0.1, note: "", deep: [1] })).toEqual({
      type: "object",
      properties: { rate: { type: "number" }, steps: {}, ok: {}, net: {}, note: { type: "string" }, deep: {} },
      required: ["rate", "steps", "ok", "net"],
    });
    expect(commandInput(["train"], {})).toBeUndefined();
  });

  it("that are missing are named, and what every object has is none", () => {
    expect(() => filledIn(["a", "{toString}"], {})).toThrow('the parameter "toString", which the task does not have');
  });

  it("are JSON for the program, or are refused with their place", () => {
    const at = new Date(0);
    expect(plainJson({ at, n: 12n, list: [null, { x: "y" }], none: undefined }, "it")).toEqual({
      at: "1970-01-01T00:00:00.000Z",
      n: "12",
      list: [null, { x: "y" }],
    });
    const round: object[] = [];
    round.push(round);
    for (const [value, reason] of [
      [{ a: [new Map()] }, "it.a[0] is a Map"],
      [{ a: Number.NaN }, "it.a is NaN"],
      [{ a: () => {} }, "it.a is () => {}"],
      [{ a: round }, "it.a[0] holds itself"],
    ] as const)
      expect(() => plainJson(value, "it")).toThrow(reason);
  });
});
