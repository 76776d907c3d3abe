/** What a run would do, and nothing runs. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { widthOf } from "../../src/cli/view/text.ts";
import { open } from "../../src/open.ts";
import { projectFolder } from "./command-line.ts";
import { said } from "./in-process.ts";

const pipeline = `import { pipeline, step, template } from "reprise";
declare const process: { env: Record<string, string>; getBuiltinModule(name: "fs"): { appendFileSync(file: string, text: string): void } };
const note = (text: string) => process.getBuiltinModule("fs").appendFileSync(process.env.PLANNED!, text + "\\n");

export const load = step.cache()(async ({ seed }: { seed: number }) => {
  note("load");
  return [seed];
});
export const fit = step.queue("gpu").cache({ ttl: "1d" }).retry(2).timeLimit("5m").resources({ gpu: 1 }).concurrency({ limit: 1 })(
  async ({ rows, depth }: { rows: number[]; depth: number }) => depth * rows.length,
);
export const publish = step(async () => note("publish"));

export default pipeline("planned", async ({ depth = 2, name }: { depth?: number; name: string }) => {
  const rows = await load({ seed: 7 });
  let best = 0;
  for (let n = 1; n <= depth; n++) best = await fit({ rows, depth: n });
  if (best > 1 && name !== "") await publish();
  return best;
});

const train = template<{ rate: number }, { loss: number }>({ project: "none", name: "train" });
const secret = step.secrets(["REPRISE_TEST_NO_SUCH_SECRET"])(async () => 1);
export const lacking = pipeline("lacking", async () => {
  await secret();
  return await train({ rate: 0.1 });
});
export const later = pipeline("later", async ({ seed = 5, from = 6 }: { seed?: number; from?: number }) => {
  await publish();
  const one = 1;
  let changed = 1;
  const first = await load({ seed: 6 + one });
  changed += 1;
  const second = await load({ seed: changed });
  const third = await load({ seed: from + one });
  return { first, second, third, fourth: await load({ seed: first[0]! + seed }) };
});
export const failing = pipeline("failing", async ({ list = [] }: { list?: number[] }) => {
  if (list.length === 0) throw new RangeError("an empty list");
  await publish();
});
`;

let cwd: string;
const store = () => join(cwd, "store");
const run = (...args: string[]) => said("--store", store(), ...args);
const plan = (name: string, ...args: string[]) => run("plan", join(cwd, "pipeline.ts"), "--pipeline", name, ...args);

beforeAll(() => {
  cwd = projectFolder({ "pipeline.ts": pipeline });
  process.env.PLANNED = join(cwd, "planned");
});
afterAll(() => {
  delete process.env.PLANNED;
  rmSync(cwd, { recursive: true, force: true });
});

test("params, steps with the words of the graph, queues, and what would wait, in 80 columns", {
  timeout: 60_000,
}, async () => {
  const { code, stdout } = await plan("planned", "--param", "name=x");
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `planned

Params
  depth  number  2    default
  name   string  'x'  given

Steps
  ○ rows = load   default · cache: miss, no completed task of it was kept
  ● while n <= depth
    ◇ again?
    ○ best = fit  gpu · up to 3 attempts · at most 5 m 0 s · at most 1 at once
                  needs gpu 1 · cache: known when its input is
  ◇ best > 1 && name !== ""?
  ● then
    ○ publish     default
  · return

Queues
  services  no living agent: a run here brings its own
  default   no living agent: a run here brings its own
  gpu       no living agent: a run here brings its own

Notes
  fit waits: nobody has gpu 1 to give
`,
  });
  for (const line of stdout.split("\n")) expect(widthOf(line)).toBeLessThanOrEqual(80);
  expect((await plan("planned", "--param", "name=x", "--resources", "gpu=1")).stdout).not.toContain("Notes");
  // Nothing has run, and nothing is kept but what was compiled.
  expect(existsSync(process.env.PLANNED!)).toBe(false);
  expect(JSON.parse((await run("tasks", "--json")).stdout)).toEqual([]);
});

test("what the cache has is followed: hits, turn by turn, and why the first one that is none is none", {
  timeout: 60_000,
}, async () => {
  const file = join(cwd, "pipeline.ts");
  const ran = await run(
    "run",
    file,
    "--pipeline",
    "planned",
    "--param",
    "name=",
    "--id",
    "first",
    "--resources",
    "gpu=1",
  );
  expect(ran).toMatchObject({ code: 0 });
  const more = await plan("planned", "--param", "name=", "--param", "depth=3", "--json");
  const { steps } = JSON.parse(more.stdout);
  expect(steps.find(({ step }: { step?: string }) => step === "load").cache).toEqual([
    { path: "rows", outcome: { outcome: "hit", from: "first/rows" } },
  ]);
  const [, fit] = steps.find(({ kind }: { kind: string }) => kind === "group").parts;
  expect(fit.cache).toEqual([
    { path: "loop1[1]/best", outcome: { outcome: "hit", from: "first/loop1[1]/best" } },
    { path: "loop1[2]/best", outcome: { outcome: "hit", from: "first/loop1[2]/best" } },
    {
      path: "loop1[3]/best",
      outcome: { outcome: "miss", reason: "changed", nearest: expect.any(String), differs: ["input"] },
    },
  ]);
  expect((await plan("planned", "--param", "name=")).stdout).toContain(
    "nothing would have to run: the cache has all of it",
  );
  expect((await plan("planned", "--param", "name=", "--refresh", "load")).stdout).toContain(
    "cache: miss, as --refresh asks",
  );
  expect(await plan("planned", "--param", "name=", "--refresh", "publish")).toMatchObject({ code: 2 });
});

test("of a step behind one that has to run, what the cache would say is known where its input is: literals, params, constants", {
  timeout: 60_000,
}, async () => {
  const { steps } = JSON.parse((await plan("later", "--json")).stdout);
  const hit = { outcome: "hit", from: "first/rows" };
  const caches = steps
    .filter(({ step }: { step?: string }) => step === "load")
    .map(({ cache }: { cache: object[] }) => cache);
  expect(caches).toEqual([[{ path: "first", outcome: hit }], [], [{ path: "third", outcome: hit }], []]);
  const other = await plan("later", "--param", "from=7");
  expect(other.stdout).toContain("third = load");
  expect(other.stdout).toMatch(/third = load .*cache: miss, another input than first\/rows/);
});

test("a queue that a living agent serves says so", { timeout: 60_000 }, async () => {
  await using _ = await open({
    store: store(),
    agents: [{ queues: ["gpu"], slots: 1, resources: { gpu: 1 } }],
    isolation: "inline",
  });
  const { stdout } = await plan("planned", "--param", "name=");
  expect(stdout).toMatch(/ gpu {7}1 agent\n/);
  expect(stdout).not.toContain("nobody has");
});

test("what would fail at once: wrong params, a task that is missing, a secret that nobody has, a body that throws", {
  timeout: 60_000,
}, async () => {
  const wrong = await plan("planned", "--param", "dept=3");
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toContain('did you mean "depth"?');
  expect(wrong.stdout).toMatch(/name {3}string {2} +missing\n/);
  const lacking = await plan("lacking", "--json");
  expect(lacking.code).toBe(1);
  expect(JSON.parse(lacking.stdout).problems).toEqual([
    expect.stringContaining('there is no task named "train" in the project "none"'),
    expect.stringContaining("the agent does not have the secret REPRISE_TEST_NO_SUCH_SECRET"),
  ]);
  const failing = await plan("failing");
  expect(failing).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("the body fails at once: RangeError: an empty list"),
  });
  expect(await plan("failing", "--param", "list=[1]")).toMatchObject({ code: 0 });
  expect(await plan("none")).toMatchObject({ code: 2 });
});
