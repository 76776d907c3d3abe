/** What a step gets that needs packages from outside of its bundle: on an agent whose machine has none of them. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { createAgent } from "../../../../src/runtime/agent/agent.ts";
import { inlineExecutor } from "../../../../src/runtime/agent/executors/inline.ts";
import { processExecutor } from "../../../../src/runtime/agent/executors/process.ts";
import { type Registry, startRegistry } from "../packages/registry.ts";
import { type TestRun, testRun } from "../run.ts";
import { bundleOf } from "../steps.ts";
import { type MakeExecutor, outputOf } from "./step-behaviour.ts";

const slow = { timeout: 60_000 };
let registry: Registry;

beforeAll(async () => {
  registry = await startRegistry([
    { name: "outside", version: "1.2.3", files: { "index.js": "exports.greet = () => 'from outside';" } },
  ]);
});
afterAll(() => registry[Symbol.asyncDispose]());

async function serve(make: MakeExecutor, version: string): Promise<TestRun> {
  const cache = realpathSync(mkdtempSync(join(tmpdir(), "reprise-npm-")));
  for (const [name, value] of Object.entries(registry.env(cache))) vi.stubEnv(name, value);
  const bundle = await bundleOf('import { greet } from "outside"; export const greets = async () => greet();');
  const run = await testRun({ ...bundle, packages: { outside: version } }, ["greets"]);
  const agent = createAgent({ store: run.store, queues: ["default"], slots: 2, executors: [make(run)] });
  onTestFinished(async () => {
    await agent.stop();
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true, force: true });
  });
  await agent.start();
  return run;
}

const installingIn = ({ events }: TestRun) =>
  events.flatMap((event) => (event.kind === "installing" ? [event.packages] : []));

const linesOf = async ({ store }: TestRun, task: string) => (await store.logs.read(task)).map(({ text }) => text);

it.each<[string, MakeExecutor]>([
  ["inline", ({ store, folder }) => inlineExecutor({ store, bundleDir: join(folder, "bundles") })],
  ["in a process", ({ store, folder }) => processExecutor({ store, bundleDir: join(folder, "bundles"), slots: 2 })],
])(
  "%s: packages are installed before the step runs, and its log says so; later steps find them",
  slow,
  async (_, make) => {
    const run = await serve(make, "1.2.3");
    const first = await run.start("greets");
    expect(await outputOf(run, first)).toBe("from outside");
    expect(await linesOf(run, first)).toEqual([
      "installing 1 package: outside@1.2.3",
      expect.stringMatching(/^installed in \d+\.\d s$/),
    ]);
    expect(installingIn(run)).toEqual([["outside@1.2.3"], []]);
    const second = await run.start("greets", { path: "again" });
    expect(await outputOf(run, second)).toBe("from outside");
    expect(await linesOf(run, second)).toEqual([]);
  },
);

it(
  "a step whose packages cannot be installed fails with what npm says, and its log is complete by then",
  slow,
  async () => {
    const run = await serve(
      ({ store, folder }) => inlineExecutor({ store, bundleDir: join(folder, "bundles") }),
      "9.9.9",
    );
    const options = { retry: { limit: 1, delayMs: 0, factor: 2, maxDelayMs: 0, when: ["InstallError"] } };
    const task = await run.start("greets", { options });
    const { failure } = await run.event(task, "retrying", 1);
    expect(failure).toMatchObject({
      name: "InstallError",
      message: expect.stringContaining("npm install outside@9.9.9"),
    });
    await run.event(task, "failed");
    expect(await linesOf(run, task)).toEqual(Array(2).fill("installing 1 package: outside@9.9.9"));
  },
);
