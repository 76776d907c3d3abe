import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { hashOf } from "../../src/model/hash.ts";
import { openStore } from "../../src/runtime/store/open.ts";
import { provenanceOf } from "../../src/tasks/provenance.ts";

function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "reprise-provenance-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function found(folder: string) {
  await using store = await openStore(temporaryFolder());
  const provenance = await provenanceOf(folder, store.blobs);
  const content = provenance.git?.diff?.content;
  const diff = content && ("text" in content ? content.text : (await store.blobs.get(content.blob)).toString());
  return { ...provenance, text: diff };
}

function repository(): { folder: string; git(...args: string[]): string } {
  const folder = temporaryFolder();
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"];
  const git = (...args: string[]) => execFileSync("git", [...who, ...args], { cwd: folder, encoding: "utf8" }).trim();
  git("init", "--quiet", "--initial-branch=main");
  writeFileSync(join(folder, "pipeline.ts"), "export const depth = 1;\n");
  git("add", ".");
  git("commit", "--quiet", "--message=first");
  return { folder, git };
}

test("a clean checkout is its commit and its branch", async () => {
  const { folder, git } = repository();
  const provenance = await found(folder);
  expect(provenance).toMatchObject({ node: process.versions.node, platform: `${process.platform} ${process.arch}` });
  expect(provenance.git).toEqual({ commit: git("rev-parse", "HEAD"), branch: "main" });
});

test("what was not committed is kept as a diff, also where no branch is checked out", async () => {
  const { folder, git } = repository();
  git("checkout", "--quiet", "--detach");
  writeFileSync(join(folder, "pipeline.ts"), "export const depth = 2;\n");
  const { git: known, text } = await found(folder);
  expect(known).not.toHaveProperty("branch");
  expect(text).toContain("-export const depth = 1;\n+export const depth = 2;\n");
});

test("of a long diff the beginning is kept, and it says so", async () => {
  const { folder } = repository();
  appendFileSync(join(folder, "pipeline.ts"), "// changed\n".repeat(100_000));
  const { git, text } = await found(folder);
  expect(git?.diff?.cut).toBe(true);
  expect(text?.length).toBe(256 * 1024);
});

test("the nearest lockfile counts, of a folder further out too", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "pnpm-lock.yaml"), "lockfileVersion: 9\n");
  mkdirSync(join(folder, "packages/train"), { recursive: true });
  const { lockfile, git } = await found(join(folder, "packages/train"));
  expect(lockfile).toEqual({ name: "pnpm-lock.yaml", hash: hashOf("lockfileVersion: 9\n") });
  expect(git).toBeUndefined();
});

test("a folder that is not there, or has no commit yet, keeps nobody from starting", async () => {
  expect((await found("/nowhere/at/all")).git).toBeUndefined();
  const folder = temporaryFolder();
  execFileSync("git", ["init", "--quiet"], { cwd: folder });
  expect((await found(folder)).git).toBeUndefined();
});
