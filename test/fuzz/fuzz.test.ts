/** A slice of the fuzzing campaign: `npm run fuzz -- --seed S --runs N` runs more. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

function fuzz(folder: string, ...args: string[]) {
  const main = join(folder, "test/fuzz/main.ts");
  return spawnSync(process.execPath, ["--no-warnings", main, ...args], { encoding: "utf8", timeout: 120_000 });
}

it("random programs agree with their graphs, in random orders, and stopped after every event", {
  timeout: 150_000,
}, () => {
  const { status, stdout, stderr } = fuzz(root, "--seed", "1", "--runs", "200");
  expect(status, stdout + stderr).toBe(0);
});

/** What an interpreter may get wrong, and the fuzzer must see: file, the right text, the wrong one, a seed that is quick to see it. */
const wrongs: [string, string, string, string, string?][] = [
  [
    "one tick more after an await",
    "graph/drive.ts",
    "sent = await result.value;",
    "sent = await result.value; await undefined;",
    "3",
  ],
  [
    "a return that is awaited",
    "graph/drive.ts",
    "if (result.done) return returned",
    "if (result.done) return await returned",
    "2",
  ],
  [
    "one variable for all turns of a loop",
    "nodes/loop/tested.ts",
    "scope = next(scope, outer);",
    "if (n === 1) scope = next(scope, outer);",
  ],
  [
    "a for await with a tick too many",
    "nodes/loop/awaited.ts",
    "return Promise.resolve(value).then(wrap,",
    "return Promise.resolve(value).then((x) => x).then(wrap,",
    "8",
  ],
  ["a context that is lost at an await", "graph/drive.ts", "inside = current.context;", "inside = context;", "3"],
];

describe("a wrong interpreter is found out:", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "reprise-wrong-"));
    for (const name of ["src", "test", "package.json", "tsconfig.json"])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(wrongs)("%s", { timeout: 150_000 }, (_, name, right, wrong, seed = "1") => {
    const file = join(folder, "src/runtime/controller", name);
    const text = readFileSync(file, "utf8");
    expect(text).toContain(right);
    writeFileSync(file, text.replace(right, wrong));
    try {
      const { status, stdout } = fuzz(folder, "--seed", seed, "--runs", "400", "--no-resume", "--no-shrink");
      expect(status, stdout).toBe(1);
    } finally {
      writeFileSync(file, text);
    }
  });
});
