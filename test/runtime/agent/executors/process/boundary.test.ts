import { describe, expect, it } from "vitest";
import { boundaryBefore, findBoundaries } from "../../../../../src/runtime/agent/executors/process/boundary.ts";

function found(...chunks: string[]) {
  const all: (string | number)[] = [];
  const finder = findBoundaries(
    (text) => all.push(text),
    (number) => number < 100 && all.push(number) > 0,
  );
  for (const chunk of chunks) finder.write(chunk);
  finder.end();
  return all;
}

describe("the boundaries between steps in a stream", () => {
  it("are found between what they print, and are no text", () => {
    expect(found(`one\n${boundaryBefore(7)}${boundaryBefore(8)}half`)).toEqual(["one\n", 7, 8, "half"]);
  });

  it("are found wherever the pieces of the stream end", () => {
    const text = `12${boundaryBefore(34)}56`;
    for (let at = 0; at <= text.length; at++) {
      const parts = found(text.slice(0, at), text.slice(at));
      const between = parts.indexOf(34);
      expect([parts.slice(0, between).join(""), parts.slice(between + 1).join("")]).toEqual(["12", "56"]);
    }
  });

  it("are not held for what looks like one, or could have become one", () => {
    expect(found(`a${boundaryBefore(100)}b`).join("")).toBe(`a${boundaryBefore(100)}b`);
    expect(found("a\u001d12").join("")).toBe("a\u001d12");
    expect(found("a\u001d12", "b").join("")).toBe("a\u001d12b");
  });
});
