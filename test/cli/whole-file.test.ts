/** What `-o` writes: files whole, and what is no file as it is. */
import { execFile, execFileSync } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { readerOf } from "../../src/artifacts/reader.ts";
import { writeWhole } from "../../src/cli/whole-file.ts";
import { hashOf } from "../../src/model/hash.ts";

const folder = () => mkdtempSync(join(tmpdir(), "reprise-whole-"));

test("a file is replaced, and nothing else is left there", () => {
  const at = folder();
  writeWhole(join(at, "p.json"), "one");
  writeWhole(join(at, "p.json"), "two");
  expect([readdirSync(at), readFileSync(join(at, "p.json"), "utf8")]).toEqual([["p.json"], "two"]);
});

test("where a link stands, it stays, and what it names is written", () => {
  const at = folder();
  writeFileSync(join(at, "real.json"), "old");
  symlinkSync("real.json", join(at, "link.json"));
  writeWhole(join(at, "link.json"), "new");
  expect(lstatSync(join(at, "link.json")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(at, "real.json"), "utf8")).toBe("new");
});

/** A pipe stands for all that is no file: `-o /dev/null` must not put a file in the place of the device. */
test("a pipe is written to, and stays one", async () => {
  const pipe = join(folder(), "pipe");
  execFileSync("mkfifo", [pipe]);
  const read = promisify(execFile)("cat", [pipe]);
  writeWhole(pipe, "text");
  expect([(await read).stdout, lstatSync(pipe).isFIFO()]).toEqual(["text", true]);
});

test("an artifact is copied into a pipe, and it stays one", async () => {
  const at = folder();
  const [pipe, content] = [join(at, "pipe"), join(at, "content")];
  execFileSync("mkfifo", [pipe]);
  writeFileSync(content, "model");
  const read = promisify(execFile)("cat", [pipe]);
  const artifact = { name: "model", hash: hashOf("model") } as Parameters<ReturnType<typeof readerOf>["copy"]>[0];
  await readerOf(async () => content).copy(artifact, pipe);
  expect([(await read).stdout, lstatSync(pipe).isFIFO()]).toEqual(["model", true]);
});
