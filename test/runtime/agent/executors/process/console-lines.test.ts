import { describe, expect, it } from "vitest";
import { cutLines, longestLine, markOf } from "../../../../../src/runtime/agent/executors/process/console-lines.ts";

function cut(...chunks: string[]) {
  const found: string[] = [];
  const cutter = cutLines({ line: (text) => found.push(text), mark: (mark) => found.push(mark) });
  for (const chunk of chunks) cutter.write(chunk);
  cutter.end();
  return found;
}
const mark = markOf("abc");

describe("a stream is cut", () => {
  it("into lines, wherever its pieces end", () => {
    expect(cut("one\ntw", "o\n\nth", "ree\r\n")).toEqual(["one", "two", "", "three"]);
  });

  it("where it ends, also in the middle of a line", () => {
    expect(cut("one\ntw")).toEqual(["one", "tw"]);
  });

  it("at a mark, which ends a line that the step left open", () => {
    expect(cut(`one\nhalf${mark}\nnext\n`)).toEqual(["one", "half", mark, "next"]);
    expect(cut(`${mark}\n`)).toEqual([mark]);
  });

  it("at a mark that comes in pieces", () => {
    for (let at = 1; at < mark.length; at++)
      expect(cut(`half${mark.slice(0, at)}`, `${mark.slice(at)}\n`)).toEqual(["half", mark]);
  });

  it("where a line is too long, and never inside a mark", () => {
    const long = "x".repeat(longestLine * 2 + 300);
    const found = cut(long, `${mark}\n`);
    expect(found.at(-1)).toBe(mark);
    expect(found.slice(0, -1).join("")).toBe(long);
    expect(Math.max(...found.map((text) => text.length))).toBeLessThanOrEqual(longestLine + 256);
  });
});
