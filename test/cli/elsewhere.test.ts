/** What is written here and run on an agent that shares nothing with this folder but a hub: steps with packages from outside, commands with their files, runs again. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openHub } from "../../src/runtime/hub/client/open.ts";
import type { Store } from "../../src/runtime/ports.ts";
import { type Registry, startRegistry } from "../runtime/agent/packages/registry.ts";
import { freePort, kill, startAgentWith, startHub } from "../runtime/hub/campaign/processes.ts";
import { followUntil } from "../runtime/store/suite/fixtures.ts";
import { emptyFolder, projectFolder, type Running } from "./command-line.ts";
import { said } from "./in-process.ts";

const pipeline = `import { pipeline, step } from "reprise";
import { greet } from "outside";
export const load = step.cache()(async ({ n }: { n: number }) => n * 2);
export const speak = step.packages(["outside"])(async ({ n }: { n: number }) => greet() + " " + n);
export default pipeline("spoken", async ({ n = 1 }: { n?: number }) => await speak({ n: await load({ n }) }));
`;
const fit = `import { readFileSync, writeFileSync } from "node:fs";
const rate = Number(process.argv[2].replace("--rate=", ""));
console.log("fitting " + readFileSync("rows.csv", "utf8").trim());
writeFileSync(process.env.REPRISE_OUTPUT, JSON.stringify({ loss: rate / 2 }));
`;
const outside = { name: "outside", version: "1.2.3", files: { "index.js": "exports.greet = () => 'from outside';" } };

let cwd: string;
let there: string;
let registry: Registry;
let address: string;
let store: Store;
const running: Running[] = [];

const run = (...args: string[]) => said("--store", address, ...args);
const json = async (...args: string[]) => JSON.parse((await run(...args, "--json")).stdout);

beforeAll(async () => {
  cwd = projectFolder({ "pipeline.ts": pipeline, "fit.mjs": fit, "rows.csv": "1,2\n" });
  there = emptyFolder();
  const installed = join(cwd, "node_modules/outside");
  mkdirSync(installed);
  writeFileSync(
    join(installed, "package.json"),
    JSON.stringify({ name: "outside", version: "1.2.3", types: "index.d.ts" }),
  );
  writeFileSync(join(installed, "index.js"), outside.files["index.js"]);
  writeFileSync(join(installed, "index.d.ts"), "export declare function greet(): string;");
  registry = await startRegistry([outside]);
  process.env.XDG_CACHE_HOME = cwd;
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  running.push(await startHub(there, "store", port));
  running.push(await startAgentWith(registry.env(join(there, "npm")), there, address, "--slots", "2"));
  store = await openHub({ address, folder: join(cwd, "client") });
}, 60_000);
afterAll(async () => {
  await store.close();
  await Promise.all(running.map(kill));
  await registry[Symbol.asyncDispose]();
  for (const folder of [cwd, there]) rmSync(folder, { recursive: true, force: true });
});

test("a step's packages are installed by the agent, and everybody sees for what it waits", {
  timeout: 60_000,
}, async () => {
  const ran = await json("run", join(cwd, "pipeline.ts"), "--id", "one", "--queue", "services");
  expect(ran).toMatchObject({ status: "completed", result: "from outside 2" });
  expect(registry.fetched).toEqual(["outside@1.2.3"]);
  const events = await store.events.read("one", 0, undefined, "tree", ["installing"]);
  expect(events).toMatchObject([
    { task: "one/speak", packages: ["outside@1.2.3"] },
    { task: "one/speak", packages: [] },
  ]);
});

test("a plan asks the hub what is cached there", async () => {
  const outcome = async (...args: string[]) => (await json("plan", join(cwd, "pipeline.ts"), ...args)).steps[1].cache;
  expect(await outcome()).toMatchObject([{ path: "n", outcome: { outcome: "hit", from: "one/n" } }]);
  expect(await outcome("--param", "n=2")).toMatchObject([
    { path: "n", outcome: { outcome: "miss", differs: ["input"] } },
  ]);
});

test("a run again takes what stands from the earlier one, and a diff finds no difference", async () => {
  const again = await json("rerun", "one", "--from", "speak", "--queue", "services", "--id", "two");
  expect(again).toMatchObject({ run: "two", status: "completed", result: "from outside 2" });
  const ran = await store.events.read("two", 0, undefined, "tree", ["running"]);
  expect(ran.map(({ task }) => task)).toEqual(["two", "two/speak"]);
  expect((await run("diff", "one", "two")).stdout).toContain("the same calls, inputs, outputs and decisions");
  const other = await json("rerun", "one", "--param", "n=5", "--queue", "services", "--id", "three");
  expect(other).toMatchObject({ result: "from outside 10" });
  expect((await run("diff", "one", "three")).stdout).toMatch(/params\.n +– +5\n/);
});

test("a command brings its files along", async () => {
  const line = ["--command", "node fit.mjs --rate={rate} --rows=rows.csv", "--folder", cwd];
  await json("task", "create", "--id", "fit", "--name", "fit", ...line, "--param", "rate=0.5");
  await run("task", "enqueue", "fit");
  await followUntil(store, "fit", 0, (events) => events.some(({ kind }) => kind === "completed" || kind === "failed"));
  expect(await store.tasks.get("fit")).toMatchObject({ status: "completed" });
  expect((await run("task", "logs", "fit")).stdout).toContain("fitting 1,2");
  expect(await json("task", "show", "fit")).toMatchObject({ output: { loss: 0.25 } });
});
