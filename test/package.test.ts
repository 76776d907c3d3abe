/** The package as a stranger gets it: packed, installed in an empty folder, used. It tests `dist`, which the caller has built. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const checkout = join(import.meta.dirname, "..");
const folder = realpathSync(mkdtempSync(join(tmpdir(), "reprise-package-")));
const minute = 60_000;

const pipeline = `import { pipeline, step, Task } from "reprise";

export const square = step(async ({ n }: { n: number }) => {
  Task.current().scalar("square", "value", n * n, 1);
  return { squared: n * n };
});

export default pipeline("squares", async ({ upTo = 3 }: { upTo?: number }) => {
  let sum = 0;
  for (let n = 1; n <= upTo; n++) {
    const { squared } = await square({ n });
    sum += squared;
  }
  return { sum };
});
`;

function run(command: string, args: string[], options: { cwd?: string; path?: string } = {}) {
  const env: NodeJS.ProcessEnv = { ...process.env, PATH: options.path ?? pathWithout("node_modules"), NO_COLOR: "1" };
  delete env.NODE_OPTIONS;
  delete env.REPRISE_STORE;
  return spawnSync(command, args, { cwd: options.cwd ?? folder, env, encoding: "utf8" });
}

const pathWithout = (part: string) =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .filter((entry) => !entry.includes(part))
    .join(delimiter);

/** This process's own Node, before all others. */
const thisNode = [join(process.execPath, ".."), pathWithout("node_modules")].join(delimiter);

/** A Node of the machine that is older than the package wants. */
function olderNode(): string | undefined {
  return pathWithout("node_modules")
    .split(delimiter)
    .map((entry) => join(entry, "node"))
    .find((node) => {
      if (!existsSync(node)) return false;
      const [major = 0, minor = 0] = spawnSync(node, ["--version"], { encoding: "utf8" })
        .stdout.slice(1)
        .split(".")
        .map(Number);
      return major < 24 || (major === 24 && minor < 11);
    });
}

beforeAll(() => {
  execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: checkout, stdio: "pipe" });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "stranger", private: true, type: "module" }));
  writeFileSync(join(folder, "pipeline.ts"), pipeline);
  execFileSync("npm", ["install", `./${tarball}`, "--prefer-offline", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: "pipe",
  });
}, 3 * minute);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("installed in an empty folder", () => {
  test("a ten-line pipeline runs to its end", { timeout: minute }, () => {
    const { stdout, status } = run("npx", ["reprise", "run", "pipeline.ts", "--param", "upTo=4", "--json"], {
      path: thisNode,
    });
    expect(JSON.parse(stdout)).toMatchObject({ status: "completed", result: { sum: 30 }, error: null });
    expect(status).toBe(0);
  });

  test("its JSON runs alone in another folder, on an empty store", { timeout: minute }, () => {
    const { status } = run("npx", ["reprise", "compile", "pipeline.ts", "-o", "pipeline.json"], { path: thisNode });
    expect(status).toBe(0);
    const elsewhere = mkdtempSync(join(tmpdir(), "reprise-elsewhere-"));
    const bin = join(folder, "node_modules/reprise/bin/reprise.cjs");
    const ran = run(process.execPath, [bin, "run", join(folder, "pipeline.json"), "--json"], { cwd: elsewhere });
    expect(ran.stderr).toBe("");
    expect(JSON.parse(ran.stdout)).toMatchObject({ status: "completed", result: { sum: 14 } });
    rmSync(elsewhere, { recursive: true, force: true });
  });

  test("each program that it starts is in it, in the form that Node runs", () => {
    const installed = join(folder, "node_modules/reprise");
    const { imports } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Record<string, object>;
    for (const forms of Object.values(imports!) as { default: string }[])
      expect(existsSync(join(installed, forms.default)), forms.default).toBe(true);
  });

  test("a program may open a store and start the pipeline", { timeout: minute }, () => {
    writeFileSync(
      join(folder, "program.ts"),
      `import { open } from "reprise/runtime";
import squares from "./pipeline.ts";
await using reprise = await open({ store: "own", isolation: "inline" });
const run = await reprise.start(squares, { upTo: 2 });
console.log(JSON.stringify(await run.result()));
`,
    );
    const { stdout, stderr } = run(process.execPath, ["program.ts"]);
    expect({ stdout, stderr }).toEqual({ stdout: '{"sum":5}\n', stderr: "" });
  });

  test("an open store with an agent has read few of its files", { timeout: minute }, () => {
    writeFileSync(
      join(folder, "reads.mjs"),
      `import { registerHooks } from "node:module";
const read = [];
registerHooks({ load: (url, context, next) => (url.includes("/reprise/dist/") && read.push(url), next(url, context)) });
const { open } = await import("reprise/runtime");
await using reprise = await open({ store: "read", agents: [{ isolation: "inline" }] });
console.log(read.length);
`,
    );
    const { stdout, stderr } = run(process.execPath, ["reads.mjs"]);
    expect(stderr).toBe("");
    expect(Number(stdout)).toBeGreaterThan(3);
    expect(Number(stdout)).toBeLessThan(25);
  });

  test("a test of Node's own runs the pipeline with fake steps and real ones", { timeout: minute }, () => {
    writeFileSync(
      join(folder, "pipeline.test.ts"),
      `import assert from "node:assert/strict";
import { test } from "node:test";
import { testPipeline } from "reprise/testing";
import squares, * as module from "./pipeline.ts";

test("fake", async () => {
  const tested = await testPipeline(module, { params: { upTo: 2 }, steps: { square: ({ n }) => ({ squared: n }) } });
  assert.deepEqual(tested.result, { sum: 3 });
  assert.equal(tested.decisions[0]?.explanation, "n 1 <= upTo 2 → iteration 1");
});

test("real", async () => {
  for (const subject of [module, squares])
    assert.deepEqual((await testPipeline(subject, { crashAfter: "every event" })).result, { sum: 14 });
});
`,
    );
    const { stdout, stderr, status } = run(process.execPath, ["--test", "pipeline.test.ts"]);
    expect({ stderr, status, stdout }).toMatchObject({ stderr: "", status: 0 });
    expect(stdout).toMatch(/pass 2$/m);
  });

  test.skipIf(olderNode() === undefined)("an older Node says in one sentence which one is needed", () => {
    const { status, stderr } = run(olderNode()!, ["node_modules/reprise/bin/reprise.cjs", "run", "pipeline.ts"]);
    expect(stderr).toMatch(
      /^reprise: it needs Node 24\.11 or later, and this is Node \d+\.\d+\.\d+: run `npm install .*\n$/,
    );
    expect(status).toBe(2);
  });
});

test.skipIf(olderNode() === undefined)("an older Node hands over to the npm package node, exit code included", () => {
  const bin = join(checkout, "bin/reprise.cjs");
  expect(run(olderNode()!, [bin, "--version"], { cwd: checkout }).stdout).toMatch(/^0\.1\.0 \(Node 24\./);
  expect(run(olderNode()!, [bin, "run"], { cwd: checkout }).status).toBe(2);
});

test("publint finds nothing to mend", { timeout: minute }, () => {
  const { stdout, status } = run("npx", ["publint", ".", "--strict"], {
    cwd: checkout,
  });
  expect(stdout).toMatch(/All good!/);
  expect(status).toBe(0);
});
