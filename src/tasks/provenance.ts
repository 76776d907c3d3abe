/** Finds out the provenance of what is started from a folder. Whatever cannot be found out is left out: it never keeps anybody from starting. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { hashOf } from "../model/hash.ts";
import type { Git, Provenance } from "../model/provenance.ts";
import { keep } from "../runtime/controller/stored.ts";
import type { Blobs } from "../runtime/ports.ts";

/** So much of a diff is kept, in bytes. */
const longestDiff = 256 * 1024;
const patienceMs = 5_000;

export async function provenanceOf(folder: string, blobs: Blobs): Promise<Provenance> {
  const [git, lockfile] = await Promise.all([gitOf(folder, blobs), lockfileOf(folder)]);
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    ...(git && { git }),
    ...(lockfile && { lockfile }),
  };
}

async function gitOf(folder: string, blobs: Blobs): Promise<Git | undefined> {
  // To start programs takes ten milliseconds, in which the first step would begin.
  if (!mayBeRepository(folder)) return undefined;
  const [commit, branch, diff] = await Promise.all([
    git(folder, "rev-parse", "HEAD"),
    git(folder, "symbolic-ref", "--short", "HEAD"),
    git(folder, "diff", "HEAD", "--no-ext-diff", "--no-textconv", "--no-color"),
  ]);
  if (commit === undefined) return undefined;
  const changes = Buffer.from(diff ?? "", "utf8");
  const cut = changes.length > longestDiff;
  const content = changes.subarray(0, longestDiff).toString("utf8");
  return {
    commit: commit.trim(),
    ...(branch && { branch: branch.trim() }),
    ...(content && { diff: { content: await keep(blobs, content), ...(cut && { cut }) } }),
  };
}

/** What git itself looks for, from the folder upwards. */
function mayBeRepository(folder: string): boolean {
  if (process.env.GIT_DIR !== undefined) return true;
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return true;
    if (dirname(at) === at) return false;
  }
}

const run = promisify(execFile);

/** Its output; `undefined` where there is no git, no repository, or no answer. Of too long a one, the beginning. */
async function git(folder: string, ...args: string[]): Promise<string | undefined> {
  const options = {
    cwd: folder,
    timeout: patienceMs,
    maxBuffer: 2 * longestDiff,
    env: { ...process.env, GIT_OPTIONAL_LOCKS: "0" },
  };
  try {
    return (await run("git", args, options)).stdout;
  } catch (error) {
    const { code, stdout } = error as { code?: string; stdout?: string };
    return code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER" ? stdout : undefined;
  }
}

const lockfiles = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"];

async function lockfileOf(folder: string): Promise<Provenance["lockfile"]> {
  for (let at = folder; ; at = dirname(at)) {
    for (const name of lockfiles) {
      const content = await readFile(join(at, name)).catch(() => undefined);
      if (content) return { name, hash: hashOf(content) };
    }
    if (dirname(at) === at) return undefined;
  }
}
