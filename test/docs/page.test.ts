import { describe, expect, it } from "vitest";
import { isShown, readPage, saidResult } from "./page.ts";

const fence = "```";
const block = (language: string, text: string) => `${fence}${language}\n${text}${fence}\n`;

describe("a page", () => {
  it("has files, commands with what they print, and what nobody runs, with why", () => {
    const page = readPage(
      "a.md",
      [
        block("ts", '// a/b.ts\nimport "./c.ts";\n'),
        block("sh", "npx reprise run a/b.ts # exit code 1\n"),
        block("text", "✗ failed\n"),
        `<!-- not run: it needs a registry -->\n${block("sh", "npm install\n")}`,
        "[here](b.md#c) and [there](https://example.org)",
      ].join("\n"),
    );
    expect(page.files).toEqual([{ path: "a/b.ts", code: '// a/b.ts\nimport "./c.ts";\n' }]);
    expect(page.commands).toMatchObject([{ line: 6, exitCode: 1, prints: "✗ failed\n" }]);
    expect(page.notRun).toEqual(["a.md: it needs a registry"]);
    expect(page.links).toEqual(["b.md#c"]);
  });

  it("has no block that nobody runs without saying why", () => {
    expect(() => readPage("a.md", `\n${block("ts", "const a = 1;\n")}`)).toThrow(
      "a.md:2: a block that nobody runs: give it a path, or say why not in a comment",
    );
    expect(() => readPage("a.md", `${block("sh", "ls\n")}Words.\n${block("text", "a\n")}`)).toThrow("a.md:5");
  });

  it("may say what a file's pipeline gives", () => {
    expect(saidResult({ path: "a.ts", code: "// a.ts\nfoo();\n// → { a: 1 }\n" })).toBe("{ a: 1 }");
    expect(saidResult({ path: "a.ts", code: "// → 1\nfoo();\nfoo();\n" })).toBeUndefined();
  });
});

describe("what is printed is what is shown", () => {
  it("whatever the times, and how they are aligned", () => {
    expect(isShown("✓ fit   12 ms  just now\n", "✓ fit  1 m 3.5 s  2 m 4 s ago\n")).toBe(true);
    expect(isShown("✓ fit 12 ms\n", "✓ fat 12 ms\n")).toBe(false);
  });

  it("with dots for any text of a line, and for any lines", () => {
    expect(isShown("run a1: 3 tasks\nx\ny\nend\n", "run …: 3 tasks\n…\nend\n")).toBe(true);
    expect(isShown("run a1: 3 tasks\nend\n", "run …: 3 tasks\n…\nend\n")).toBe(true);
    expect(isShown("run a1: 4 tasks\nx\nend\n", "run …: 3 tasks\n…\nend\n")).toBe(false);
  });

  it("to its end, and nothing else", () => {
    expect(isShown("a\nb\n", "a\n")).toBe(false);
    expect(isShown("a\n", "a\nb\n")).toBe(false);
    expect(isShown("a.b\n", "a?b\n")).toBe(false);
  });
});
