import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { print } from "../../../src/model/print-pipeline.ts";
import { projectFolder, reprise } from "../command-line.ts";
import { call, complete, pipelineOf, wait } from "./nodes.ts";

const cwd = projectFolder({
  "old.json": print(
    complete(pipelineOf([call("load", "load"), wait("load"), call("fit", "fit", "load")]), ["load", "fit"]),
  ),
  "new.json": print(
    complete(pipelineOf([call("load", "load"), wait("load"), call("best", "fit", "load")]), ["load", "fit"]),
  ),
});
const graph = (...args: string[]) => reprise(["graph", ...args], { cwd });

test("a picture goes to stdout, or whole into a file, in each format", async () => {
  const [mermaid, dot, svg] = await Promise.all([
    graph("old.json"),
    graph("old.json", "--format", "dot"),
    graph("old.json", "--format", "svg", "-o", "old.svg"),
  ]);
  expect([mermaid.code, dot.code, svg.code]).toEqual([0, 0, 0]);
  expect(mermaid.stdout).toContain("load --> fit");
  expect(dot.stdout).toContain('"load" -> "fit"');
  expect(svg.stdout).toBe("");
  expect(readFileSync(join(cwd, "old.svg"), "utf8")).toMatch(/^<svg [^>]*viewBox=.*<\/svg>\n$/s);
});

test("a difference is said in words; with a picture in a file, both are there", async () => {
  const [words, both] = await Promise.all([
    graph("--diff", "old.json", "new.json"),
    graph("--diff", "old.json", "new.json", "--format", "svg", "-o", "diff.svg"),
  ]);
  expect([words.code, both.code]).toEqual([0, 0]);
  expect(words.stdout).toBe(
    "- the call fit removed (pipeline.ts:14): fit([load$p])\n+ the call best = fit added (pipeline.ts:14): fit([load$p])\n",
  );
  expect(both.stdout).toBe(words.stdout);
  expect(readFileSync(join(cwd, "diff.svg"), "utf8")).toMatch(
    /class="step removed".*class="step added"|class="step added".*class="step removed"/s,
  );
});

test("what cannot be drawn or compared is wrong usage, and writes nothing", async () => {
  const [one, two, nowhere] = await Promise.all([
    graph("--diff", "old.json"),
    graph("old.json", "new.json"),
    graph("old.json", "-o", "missing/old.mmd"),
  ]);
  expect([one.code, two.code, nowhere.code]).toEqual([2, 2, 2]);
  expect(one.stderr).toContain("Write graph --diff OLD NEW.");
  expect(two.stderr).toContain("To compare two, write graph --diff A B.");
  expect(nowhere.stderr).toContain("missing/old.mmd cannot be written");
  expect(existsSync(join(cwd, "missing"))).toBe(false);
});
