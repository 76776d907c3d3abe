/** Tasks, queues and agents on the command line. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectFolder, start } from "./command-line.ts";
import { said } from "./in-process.ts";

const train = `import { Task } from "reprise";
const task = await Task.init({ project: "examples", name: "train" });
const { rate } = await task.connect({ rate: 0.8 });
process.stdout.write(\`the rate is \${rate}\\n\`);
`;

const waits = `import { Task } from "reprise";
await Task.init({});
process.stdout.write("waiting\\n");
setInterval(() => {}, 1_000);
`;

const pipeline = `import { pipeline, step } from "reprise";
const double = step(async ({ n }: { n: number }) => n * 2);
export default pipeline("doubles", async ({ n }: { n: number }) => await double({ n }));
`;

let folder: string;

beforeAll(() => {
  const tsconfig = { compilerOptions: { module: "nodenext", strict: true, customConditions: ["reprise-source"] } };
  folder = projectFolder({
    "train.ts": train,
    "waits.ts": waits,
    "pipeline.ts": pipeline,
    "tsconfig.json": JSON.stringify(tsconfig),
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each in the store of this file, and with files of its project. */
const reprise = (...args: string[]) =>
  said(...args.map((arg) => (arg.endsWith(".ts") ? join(folder, arg) : arg)), "--store", join(folder, ".reprise"));

async function ran(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await reprise(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

const json = async <T>(...args: string[]): Promise<T> => JSON.parse(await ran(...args, "--json")) as T;

async function refused(...args: string[]): Promise<string> {
  const { code, stderr } = await reprise(...args);
  expect(code).toBe(2);
  return stderr;
}

type Shown = { id: string; name: string; status: string; parameters: object };

test("a script is created, cloned, set, enqueued, moved, run by an agent, reset and deleted", {
  timeout: 120_000,
}, async () => {
  const { id } = await json<Shown>(
    "task",
    "create",
    "--project",
    "examples",
    "--name",
    "train",
    "--script",
    "train.ts",
    "--tag",
    "base",
  );
  expect(await refused("task", "clone", id, "--param", "rate=fast")).toContain('"rate": expected a number, got "fast"');
  const clone = await json<Shown>("task", "clone", id, "--name", "slower", "--param", "rate=0.2");
  expect(clone).toMatchObject({ name: "slower", status: "draft", parameters: { rate: 0.2 } });
  expect(
    await ran("task", "set", clone.id, "--param", "rate=0.1", "--tag", "slow", "--config", 'net={"layers": 3}'),
  ).toContain("is set");
  expect((await json<Shown[]>("tasks", "--project", "examples", "--tag", "-slow")).map((task) => task.id)).toEqual([
    id,
  ]);

  const { code, stdout, stderr } = await reprise("task", "enqueue", clone.id, id, "--queue", "gpu");
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `${clone.id} (slower) waits in the queue "gpu"\n${id} (train) waits in the queue "gpu"\n`,
  });
  expect(stderr).toContain("which no living agent serves: start one with reprise agent --queue gpu");
  expect(await ran("queues")).toMatch(/gpu +2 +0 .* no agent/);
  expect(await ran("queue", "move", id, "--to", "front")).toBe(`${id} (train) is number 1 in the queue gpu\n`);
  expect((await json<{ task: string }[]>("queue", "list", "gpu")).map(({ task }) => task)).toEqual([id, clone.id]);
  expect(await ran("queue", "remove", id)).toContain("is a draft");

  const agent = start(["agent", "--queue", "gpu", "--slots", "1"], { cwd: folder });
  await expect
    .poll(async () => (await json<Shown>("task", "show", clone.id)).status, { timeout: 60_000, interval: 300 })
    .toBe("completed");
  expect(await ran("agents")).toMatch(/agent-\w+ +gpu +1 /);
  agent.child.kill("SIGINT");
  expect(await agent.ended).toMatchObject({ code: 0, stdout: "serving gpu with 1 slot (Ctrl-C to stop)\n" });
  expect(await ran("task", "logs", clone.id)).toBe("the rate is 0.1\n");
  expect(await refused("task", "set", clone.id, "--param", "rate=1")).toContain("only a draft can be edited");
  expect(await ran("task", "reset", clone.id)).toContain("is a draft");
  expect(await refused("task", "delete", id)).toContain("there is a clone of it");
  await ran("task", "delete", clone.id);
  await ran("task", "delete", id);
  expect(await refused("task", "show", id)).toContain(`there is no task "${id}"`);
});

test("a pipeline is pushed once, cloned with params, and run by an agent that then drains", {
  timeout: 120_000,
}, async () => {
  const pushed = await json<{ id: string; created: boolean }>("push", "pipeline.ts", "--project", "examples");
  expect(pushed.created).toBe(true);
  expect(await json("push", "pipeline.ts", "--project", "examples")).toMatchObject({ id: pushed.id, created: false });
  expect(await refused("task", "enqueue", pushed.id)).toContain('"n": missing: expected a number');
  const { id } = await json<Shown>("task", "clone", pushed.id, "--param", "n=21");
  await ran("task", "enqueue", id);
  const agent = start(["agent", "--slots", "1"], { cwd: folder });
  await expect
    .poll(async () => await json("task", "show", id), { timeout: 60_000, interval: 300 })
    .toMatchObject({ status: "completed", output: 42 });
  const detached = await json<{ run: string }>(
    "run",
    "pipeline.ts",
    "--param",
    "n=4",
    "--queue",
    "services",
    "--detach",
  );
  await expect
    .poll(async () => await json("task", "show", detached.run), { timeout: 60_000, interval: 300 })
    .toMatchObject({ output: 8 });
  agent.child.kill("SIGTERM");
  expect((await agent.ended).code).toBe(0);
});

describe("an agent", () => {
  test("lets what runs finish at the first Ctrl-C, and ends it at the second: it is queued again", {
    timeout: 120_000,
  }, async () => {
    const { id } = await json<Shown>("task", "create", "--script", "waits.ts");
    await ran("task", "enqueue", id);
    const agent = start(["agent", "--queue", "default"], { cwd: folder });
    await expect.poll(() => ran("task", "logs", id), { timeout: 60_000, interval: 300 }).toContain("waiting");
    agent.child.kill("SIGINT");
    await expect.poll(() => agent.said.stderr).toContain("finishing what runs… (again to end it at once)");
    await new Promise((resolve) => setTimeout(resolve, 300));
    agent.child.kill("SIGINT");
    expect((await agent.ended).code).toBe(130);
    // The next agent takes over what that one left.
    const next = start(["agent", "--queue", "other"], { cwd: folder });
    await expect
      .poll(async () => (await json<Shown>("task", "show", id)).status, { timeout: 60_000, interval: 300 })
      .toBe("queued");
    next.child.kill("SIGINT");
    expect((await next.ended).code).toBe(0);
    await ran("task", "abort", id);
  });

  test("refuses queues without names", async () => {
    expect(await refused("agent", "--queue", "a,,b")).toContain("has a queue without a name");
  });
});

test("what is asked for wrongly is refused with a remedy", async () => {
  const { id } = await json<Shown>("task", "create", "--script", "train.ts");
  expect(await refused("queue", "move", id)).toContain("Give --to, --up, --down or --queue.");
  expect(await refused("queue", "move", id, "--up", "1", "--down", "1")).toContain("say different places");
  expect(await refused("queue", "move", id, "--to", "front")).toContain("only what waits in a queue can be moved");
  expect(await refused("task", "set", id, "--config", "net")).toContain("--config net has no value");
  expect(await refused("run", "pipeline.ts", "--detach")).toContain("Say where they wait");
  expect(await refused("task", "publish", id)).toContain("only what has ended can be published");
  expect(await refused("task", "set", id)).toContain("it is not said what to set");
  for (const [flag, value, reason] of [
    ["--priority", "high", "--priority: NaN is not a whole number"],
    ["--retry", "x", "--retry: NaN is not a number of further attempts"],
    ["--time-limit", "soon", '--time-limit: "soon" is not a duration'],
  ] as const) {
    expect(await refused("task", "set", id, flag, value)).toContain(reason);
    expect(await refused("task", "create", "--script", "train.ts", flag, value)).toContain(reason);
  }
  expect(await refused("task", "create", "--script", "train.ts", "--resources", "gpu=many")).toContain("amount of gpu");
  for (const command of [["tasks"], ["push", "pipeline.ts"], ["task", "clone", id], ["task", "set", id]])
    expect(await refused(...command, "--project", "a//b")).toContain('--project: "a//b" is no name of a project');
  expect(await refused("task", "clone", id, "--id", id)).toContain(`there is a task "${id}" already`);
  expect(await refused("tasks", "--watch")).toContain("--watch draws on a terminal, and here is none");
  expect(await refused("tasks", "--watch", "--json")).toContain("cannot be used with option '--json'");
});

test("a command is created, shown with what it finds, cloned and refused by its parameters", async () => {
  const { id, ...made } = await json<Shown>(
    ...["task", "create", "--project", "examples", "--name", "fit", "--env", "LEVEL=a=b", "--folder", folder],
    ...["--command", "python fit.py --rate={rate} 'two words'", "--param", "rate=0.1"],
  );
  expect(made).toMatchObject({ name: "fit", status: "draft", parameters: { rate: 0.1 } });
  const shown = await ran("task", "show", id);
  expect(shown).toContain("command   python fit.py --rate={rate} 'two words'\n");
  expect(shown).toMatch(/^ {2}files {5}package\.json \(\d+ B\)\n {12}pipeline\.ts/m);
  expect(await json("task", "show", id)).toMatchObject({
    code: { kind: "command", run: ["python", "fit.py", "--rate={rate}", "two words"] },
    options: { env: { LEVEL: "a=b" } },
  });
  expect(await refused("task", "clone", id, "--param", "rat=1")).toContain('unknown param "rat": did you mean "rate"?');
});

test("a command that is wrongly said is refused with a remedy", async () => {
  const create = (...flags: string[]) => refused("task", "create", ...flags);
  expect(await create()).toContain("Give either --script FILE or --command LINE.");
  expect(await create("--script", "train.ts", "--command", "fit")).toContain("Give either --script FILE");
  expect(await create("--script", "train.ts", "--folder", ".")).toContain(
    "A script is bundled with all that it imports.",
  );
  expect(await create("--command", "fit > log.txt")).toContain("which only a shell understands");
  expect(await create("--command", "fit 'x")).toContain("--command: the command has a quote that does not end");
  expect(await create("--command", "fit", "--folder", "/no/such/folder")).toContain("/no/such/folder");
  expect(await create("--command", "fit", "--env", "LEVEL")).toContain("--env: LEVEL has no value: write NAME=VALUE");
  expect(await create("--command", "fit", "--env", "A B=1")).toContain('--env: "A B" is no name of a variable');
});

test("options of a script are set as it is created, and later", async () => {
  const { id } = await json<Shown>(
    ...["task", "create", "--script", "train.ts", "--retry", "2", "--time-limit", "5m", "--priority", "3"],
    ...["--resources", "gpu=1,mem=1G", "--secret", "API_KEY"],
  );
  expect(await json("task", "show", id)).toMatchObject({
    options: { retry: { limit: 2 }, timeLimitMs: 300_000, priority: 3, resources: { gpu: 1 }, secrets: ["API_KEY"] },
  });
  await ran("task", "set", id, "--retry", "1", "--time-limit", "1s", "--priority", "-1");
  expect(await json("task", "show", id)).toMatchObject({
    options: { retry: { limit: 1 }, timeLimitMs: 1_000, priority: -1, resources: { gpu: 1 } },
  });
});
