import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Packages } from "../../../../src/model/packages.ts";
import { createPackageSets } from "../../../../src/runtime/agent/packages.ts";
import { type Registry, startRegistry } from "./registry.ts";

const slow = { timeout: 60_000 };
const script = (name: string) => `node -e "require('fs').writeFileSync('${name}', '')"`;

let registry: Registry;
/** An agent's machine: `packages` for sets, `bundles`, and a project. */
let machine: string;

beforeAll(async () => {
  registry = await startRegistry([
    { name: "@acme/fast", version: "1.0.0", manifest: { dependencies: { helper: "^2.0.0" } }, files: addon("one") },
    { name: "@acme/fast", version: "1.1.0", manifest: { dependencies: { helper: "^2.0.0" } }, files: addon("two") },
    { name: "helper", version: "2.3.4", files: { "index.js": 'module.exports = "helped";' } },
    { name: "scripted", version: "1.0.0", manifest: { scripts: { install: script("built") } } },
  ]);
});
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
});
beforeEach(() => {
  machine = realpathSync(mkdtempSync(join(tmpdir(), "reprise-packages-")));
  registry.fetched.length = 0;
  for (const [name, value] of Object.entries(registry.env(join(machine, "npm")))) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  onTestFinished(() => rmSync(machine, { recursive: true, force: true }));
});

/** As a native addon: a binary file that stands beside the code. */
function addon(content: string): Record<string, string> {
  const code =
    'module.exports = [require("fs").readFileSync(require("path").join(__dirname, "addon.node"), "utf8"), require("helper")];';
  return { "index.js": code, "addon.node": content };
}

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(machine, path)), { recursive: true });
  writeFileSync(join(machine, path), text);
};

const placeOf = (bundle: string) => join(machine, "bundles", bundle);

/** As an agent that has just been started. Gives what was said. */
async function provide(packages: Packages, { bundle = "a", signal }: { bundle?: string; signal?: AbortSignal } = {}) {
  const said: string[] = [];
  const project = join(machine, "project");
  const sets = createPackageSets({ folder: join(machine, "packages"), nearby: () => [project], project });
  await sets.provide(placeOf(bundle), packages, { ...quiet, say: (line) => said.push(line), signal });
  return said;
}

const quiet = { say() {}, async installing() {} };

/** What a bundle's module gets of the package. */
const required = (name: string, bundle = "a") => createRequire(join(placeOf(bundle), "module.mjs"))(name);

const sets = () => readdirSync(join(machine, "packages")).filter((name) => /^[0-9a-f]{64}$/.test(name));
const leftovers = () => readdirSync(join(machine, "packages")).filter((name) => !/^[0-9a-f]{64}$/.test(name));

function provider(
  bundle: string,
  packages: Packages,
): { process: ChildProcess; said: string[]; ended: Promise<unknown> } {
  const args = [join(machine, "packages"), placeOf(bundle), JSON.stringify(packages)];
  const child = fork(join(import.meta.dirname, "children/provider.ts"), args, { execArgv: ["--no-warnings"] });
  const said: string[] = [];
  child.on("message", (line: string) => said.push(line));
  onTestFinished(() => void child.kill("SIGKILL"));
  return { process: child, said, ended: once(child, "exit") };
}

describe("a package that is installed nearby", () => {
  const install = (version: string) => {
    write("project/node_modules/@acme/fast/package.json", JSON.stringify({ name: "@acme/fast", version }));
    write("project/node_modules/@acme/fast/index.js", 'module.exports = "of the project";');
  };

  it("is linked to where it has the very version, and nothing is installed", async () => {
    install("1.0.0");
    expect(await provide({ "@acme/fast": "1.0.0" })).toEqual([]);
    expect(required("@acme/fast")).toBe("of the project");
    expect(registry.fetched).toEqual([]);
  });

  it("is left alone where it has another version", slow, async () => {
    install("1.1.0");
    await provide({ "@acme/fast": "1.0.0" });
    expect(required("@acme/fast")).toEqual(["one", "helped"]);
  });

  it("is linked to no longer once it was replaced by another version", slow, async () => {
    install("1.0.0");
    await provide({ "@acme/fast": "1.0.0" });
    install("1.1.0");
    await provide({ "@acme/fast": "1.0.0" });
    expect(required("@acme/fast")).toEqual(["one", "helped"]);
  });
});

describe("a set of packages", () => {
  it("is installed once, with what its packages need, and then shared by bundles and agents", slow, async () => {
    expect(await provide({ "@acme/fast": "1.0.0" })).toEqual([
      "installing 1 package: @acme/fast@1.0.0",
      expect.stringMatching(/^installed in \d+\.\d s$/),
    ]);
    expect(await provide({ "@acme/fast": "1.0.0" }, { bundle: "b" })).toEqual([]);
    expect([required("@acme/fast", "a"), required("@acme/fast", "b")]).toEqual([
      ["one", "helped"],
      ["one", "helped"],
    ]);
    expect(registry.fetched.toSorted()).toEqual(["@acme/fast@1.0.0", "helper@2.3.4"]);
    expect(leftovers()).toEqual([]);
  });

  it("is another one for another version, and both stay", slow, async () => {
    await provide({ "@acme/fast": "1.0.0" }, { bundle: "a" });
    await provide({ "@acme/fast": "1.1.0" }, { bundle: "b" });
    expect([required("@acme/fast", "a")[0], required("@acme/fast", "b")[0]]).toEqual(["one", "two"]);
    expect(sets()).toHaveLength(2);
  });

  it("is made again where something of it is missing", slow, async () => {
    await provide({ "@acme/fast": "1.0.0" });
    rmSync(join(machine, "packages", sets()[0]!, "set.json"));
    rmSync(join(machine, "packages", sets()[0]!, "node_modules", "helper"), { recursive: true });
    await provide({ "@acme/fast": "1.0.0" });
    expect(required("@acme/fast")).toEqual(["one", "helped"]);
  });

  it("runs no scripts of its packages, and says so", slow, async () => {
    const said = await provide({ scripted: "1.0.0" });
    expect(said.at(-1)).toMatch(/^not run: the install scripts of scripted\. .*"allowScripts": \{"scripted":true\}$/);
    expect(readdirSync(join(machine, "packages", sets()[0]!, "node_modules", "scripted"))).not.toContain("built");
  });

  it("runs those that the project of the agent allows", slow, async () => {
    write("project/package.json", '{ "allowScripts": { "scripted": true, "other": false } }');
    expect(await provide({ scripted: "1.0.0" })).toHaveLength(2);
    expect(readdirSync(join(machine, "packages", sets()[0]!, "node_modules", "scripted"))).toContain("built");
  });

  it("is asked for with the settings of the agent's project, which it does not keep", slow, async () => {
    const { npm_config_registry } = process.env;
    vi.stubEnv("npm_config_registry", undefined);
    write("project/.npmrc", `registry=${npm_config_registry}`);
    await provide({ "@acme/fast": "1.0.0" });
    expect(registry.fetched).toContain("@acme/fast@1.0.0");
    expect(readdirSync(join(machine, "packages", sets()[0]!))).not.toContain(".npmrc");
  });
});

describe("packages that cannot be installed", () => {
  it("are named, with what npm says and what to do, and nothing is left of them", slow, async () => {
    await expect(provide({ "@acme/fast": "9.9.9" })).rejects.toMatchObject({
      name: "InstallError",
      message: expect.stringMatching(
        /^the packages that the step needs, @acme\/fast@9\.9\.9, could not be installed\. npm says: .*No matching version.*npm install @acme\/fast@9\.9\.9$/,
      ),
    });
    expect(readdirSync(join(machine, "packages"))).toEqual([]);
  });
});

describe("processes that want the same set at the same time", () => {
  it("install it once", slow, async () => {
    const release = registry.hold();
    const asked = registry.asked();
    const both = [provider("a", { "@acme/fast": "1.0.0" }), provider("b", { "@acme/fast": "1.0.0" })];
    await asked;
    await vi.waitFor(() => expect(both.map(({ said }) => said.length)).toEqual([1, 1]), { timeout: 30_000 });
    release();
    await Promise.all(both.map(({ ended }) => ended));
    expect(both.map(({ said }) => said.at(-1))).toEqual(["done", "done"]);
    expect(registry.fetched.toSorted()).toEqual(["@acme/fast@1.0.0", "helper@2.3.4"]);
    expect([required("@acme/fast", "a"), leftovers()]).toEqual([["one", "helped"], []]);
  });

  it("do not wait for one that was killed in the middle, and use nothing of what it left", slow, async () => {
    const release = registry.hold();
    const asked = registry.asked();
    const killed = provider("a", { "@acme/fast": "1.0.0" });
    await asked;
    killed.process.kill("SIGKILL");
    await killed.ended;
    expect(sets()).toEqual([]);
    expect(leftovers()).not.toEqual([]);
    release();
    await provide({ "@acme/fast": "1.0.0" }, { bundle: "b" });
    expect(required("@acme/fast", "b")).toEqual(["one", "helped"]);
  });
});

it("who waits no longer leaves the installation to the next", slow, async () => {
  const release = registry.hold();
  const asked = registry.asked();
  const sets = createPackageSets({ folder: join(machine, "packages"), project: machine });
  const stopped = new AbortController();
  const packages = { "@acme/fast": "1.0.0" };
  const first = sets.provide(placeOf("a"), packages, { ...quiet, signal: stopped.signal });
  await asked;
  stopped.abort(new Error("no longer wanted"));
  await expect(first).rejects.toThrow("no longer wanted");
  const second = sets.provide(placeOf("a"), packages, quiet);
  release();
  await second;
  expect(registry.fetched.toSorted()).toEqual(["@acme/fast@1.0.0", "helper@2.3.4"]);
  expect(JSON.parse(readFileSync(join(placeOf("a"), "node_modules/@acme/fast/package.json"), "utf8")).version).toBe(
    "1.0.0",
  );
});
