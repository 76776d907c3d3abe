import { describe, expect, it } from "vitest";
import { cutLines, longestLine } from "../../../../../src/runtime/agent/executors/process/console-lines.ts";

function cut(...chunks: string[]) {
  const found: string[] = [];
  const cutter = cutLines((text) => found.push(text));
  for (const chunk of chunks) cutter.write(chunk);
  cutter.end();
  return found;
}

describe("a stream is cut", () => {
  it("into lines, wherever its pieces end", () => {
    expect(cut("one\ntw", "o\n\nth", "ree\r\n")).toEqual(["one", "two", "", "three"]);
  });

  it("where it ends, also in the middle of a line", () => {
    expect(cut("one\ntw")).toEqual(["one", "tw"]);
  });

  it("again after its end: another step writes it then", () => {
    const found: string[] = [];
    const cutter = cutLines((text) => found.push(text));
    for (const chunk of ["half", "whole\n"]) {
      cutter.write(chunk);
      cutter.end();
    }
    expect(found).toEqual(["half", "whole"]);
  });

  it("where a line is too long", () => {
    const long = "x".repeat(longestLine * 2 + 300);
    const found = cut(long, "\n");
    expect(found.join("")).toBe(long);
    expect(Math.max(...found.map((text) => text.length))).toBe(longestLine);
  });
});
