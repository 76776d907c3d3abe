/** Commands, by real processes: each test claims a task and lets the executor run it. */
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { pack } from "../../../../src/artifacts/archive.ts";
import { spool } from "../../../../src/artifacts/spool.ts";
import type { Hash } from "../../../../src/model/hash.ts";
import type { TaskOptions } from "../../../../src/model/options.ts";
import { decode, encode } from "../../../../src/model/value.ts";
import { commandExecutor } from "../../../../src/runtime/agent/executors/command.ts";
import { thisProcess } from "../../../../src/runtime/agent/lease.ts";
import { hasEnded } from "../../../../src/runtime/agent/process-start.ts";
import { createSecrets } from "../../../../src/runtime/agent/secrets.ts";
import type { Claim, Result, Store } from "../../../../src/runtime/ports.ts";
import { openStore } from "../../../../src/runtime/store/open.ts";
import { start } from "../../../cli/command-line.ts";

let store: Store;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-commands-"));
  store = await openStore(folder);
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
});

type Told = { parameters?: unknown; files?: Hash; options?: Partial<TaskOptions> };

/** A task that a program of these words is. */
async function claimed(run: string[], { parameters, files, options }: Told = {}): Promise<Claim> {
  await store.tasks.create({
    id: "t",
    name: "it",
    code: { kind: "command", run, ...(files && { files }) },
    options: { type: "training", queue: "default", ...options },
    ...(parameters !== undefined && { input: { text: encode(parameters) } }),
  });
  await store.queue.join({
    id: "a",
    ...thisProcess(),
    queues: ["default"],
    slots: 1,
    leaseUntil: Number.MAX_SAFE_INTEGER,
  });
  await store.tasks.enqueue("t");
  const [claim] = (await store.queue.claim({ agent: "a", queues: ["default"], limit: 1 })).claims;
  return claim!;
}

const secrets = createSecrets(undefined, { KEY: "not-for-the-log" });
const never = new AbortController().signal;

const ran = async (run: string[], told?: Told, signal = never, graceMs = 20_000): Promise<Result> =>
  commandExecutor({ store, place: folder, graceMs, secrets }).execute(await claimed(run, told), signal);

const node = (code: string, ...args: string[]) => [process.execPath, "-e", code, "--", ...args];
const output = async (run: string[], told?: Told) => {
  const result = await ran(run, told);
  if (result.outcome === "failed") throw new Error(result.failure.message);
  return result.output && decode((result.output as { text: string }).text);
};
const failure = async (run: string[], told?: Told) => {
  const result = await ran(run, told);
  return result.outcome === "failed" ? result.failure : undefined;
};
const lines = async () => (await store.logs.read("t")).map(({ stream, text }) => `${stream}: ${text}`);
const returns = (expression: string) =>
  `require("fs").writeFileSync(process.env.REPRISE_OUTPUT, JSON.stringify(${expression}))`;

describe("a command", () => {
  it("completes with exit code 0; what it prints on either stream is its log, by the line", async () => {
    expect(await ran(node('console.log("one\\ntwo"); process.stderr.write("half a line")'))).toEqual({
      outcome: "completed",
    });
    expect((await lines()).sort()).toEqual(["stderr: half a line", "stdout: one", "stdout: two"]);
  });

  it("fails with any other, and with the last lines that it wrote to stderr", async () => {
    const says = 'for (let n = 1; n <= 9; n++) console.error("line " + n); console.log("out"); process.exitCode = 3';
    expect(await failure(node(says))).toEqual({
      name: "ExitError",
      message: "the command ended with exit code 3: line 9\nbefore that:\nline 5\nline 6\nline 7\nline 8",
    });
  });

  it("is lost where a signal ends it", async () => {
    expect(await failure(node('process.kill(process.pid, "SIGKILL")'))).toEqual({
      name: "LostError",
      message: "the command was ended by SIGKILL",
    });
  });

  it("works in a new folder, which is empty and gone afterwards, and is told of its task", async () => {
    const told = (await output(
      node(returns("{ cwd: process.cwd(), files: require('fs').readdirSync('.'), env: process.env }")),
      { options: { env: { LEVEL: "high", REPRISE_TASK: "another" } } },
    )) as { cwd: string; files: string[]; env: Record<string, string> };
    expect(told.files).toEqual([]);
    expect(existsSync(told.cwd)).toBe(false);
    expect(told.cwd.startsWith(folder)).toBe(false);
    expect(told.env).toMatchObject({
      LEVEL: "high",
      PATH: process.env.PATH,
      REPRISE_STORE: folder,
      REPRISE_TASK: "t",
      REPRISE_ATTEMPT: "1",
      REPRISE_IDEMPOTENCY_KEY: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(Object.keys(told.env)).not.toContain("NODE_CHANNEL_FD");
  });

  it("finds its files, also those that are programs", async () => {
    const source = await mkdtemp(join(tmpdir(), "reprise-files-"));
    onTestFinished(() => rm(source, { recursive: true }));
    await mkdir(join(source, "data"));
    await writeFile(join(source, "data/rows.csv"), "1,2\n");
    await writeFile(join(source, "run.sh"), "#!/bin/sh\ncat data/rows.csv\n");
    await chmod(join(source, "run.sh"), 0o755);
    const { file, hash, bytes } = await spool(pack(source), store.blobs.spool);
    await store.blobs.adopt(file, hash, bytes);
    expect(await ran(["./run.sh"], { files: hash })).toEqual({ outcome: "completed" });
    expect(await lines()).toEqual(["stdout: 1,2"]);
  });

  it("fails with a sentence where its files are not in the store", async () => {
    const files = `sha256:${"0".repeat(64)}` as const;
    expect((await failure(["true"], { files }))?.message).toContain("has no content sha256:000");
  });
});

describe("parameters", () => {
  const parameters = {
    text: `"; touch hacked; echo '$(touch hacked)' \`touch hacked\` | & %PATH% \\`,
    lines: "one\ntwo",
    flag: "--not-ours",
    empty: "",
    list: [1, { deep: "é" }],
    none: null,
  };

  it("reach the program as they are: arguments each by itself, and all of them in the file", async () => {
    const args = ["{text}", "--lines={lines}", "{flag}", "{empty}", "{list}", "{none}", "a {text}"];
    expect(
      await output(
        node(
          returns(
            "[process.argv.slice(1), JSON.parse(require('fs').readFileSync(process.env.REPRISE_PARAMETERS)), require('fs').readdirSync('.')]",
          ),
          ...args,
        ),
        { parameters },
      ),
    ).toEqual([
      [parameters.text, "--lines=one\ntwo", "--not-ours", "", '[1,{"deep":"é"}]', "null", "a {text}"],
      parameters,
      [],
    ]);
  });

  it.each([
    [["true", "{rate}"], {}, 'the command takes the parameter "rate", which the task does not have'],
    [["true"], { seen: new Set([1]) }, "parameters.seen is a Set, which JSON cannot hold"],
    [["true", "{text}"], { text: "a\0b" }, 'the parameter "text" has a NUL, which no argument can hold'],
  ])("that cannot be handed over fail the task: %j of %j", async (run, parameters, reason) => {
    expect((await failure(run, { parameters }))?.message).toContain(reason);
  });
});

describe("what cannot be started fails with a sentence:", () => {
  it("a program that is not there", async () => {
    expect((await failure(["no-such-program", "x"]))?.message).toBe(
      `the program "no-such-program" of the command is not there: it is neither on the agent's PATH nor, by a path such as ./run.sh, among the task's files`,
    );
  });

  it("one that may not be executed", async () => {
    expect((await failure([folder]))?.message).toContain("may not be executed: chmod +x it");
  });

  it("one with arguments that are too long", async () => {
    const parameters = { text: "x".repeat(3_000_000) };
    expect((await failure(["true", "{text}"], { parameters }))?.message).toContain(
      "let it read the file that REPRISE_PARAMETERS names",
    );
  });

  it("one that needs a secret which the agent does not have", async () => {
    expect((await failure(["true"], { options: { secrets: ["OTHER"] } }))?.message).toContain(
      "the agent does not have the secret OTHER",
    );
  });
});

describe("its output", () => {
  it("is what it wrote as JSON", async () => {
    expect(await output(node(returns("{ loss: 0.5, rows: [1, null] }")))).toEqual({ loss: 0.5, rows: [1, null] });
  });

  it.each([
    [
      "no JSON",
      'require("fs").writeFileSync(process.env.REPRISE_OUTPUT, "{")',
      "the output of the command cannot be read: it is not JSON",
    ],
    ["a folder", 'require("fs").mkdirSync(process.env.REPRISE_OUTPUT)', "is no file"],
    ["a link", 'require("fs").symlinkSync("/etc/hostname", process.env.REPRISE_OUTPUT)', "is no file"],
  ])("that is %s fails it", async (_, code, reason) => {
    expect((await failure(node(code)))?.message).toContain(reason);
  });

  it("is not kept where it failed", async () => {
    expect(await ran(node(`${returns("1")}; process.exit(1)`))).toMatchObject({ outcome: "failed" });
  });
});

describe("secrets", () => {
  const options = { secrets: ["KEY"] };

  it("are masked in what it prints and in how it fails", async () => {
    const says = 'console.log("key " + process.env.KEY); console.error("no " + process.env.KEY); process.exit(1)';
    expect((await failure(node(says), { options }))?.message).toBe("the command ended with exit code 1: no ***");
    expect((await lines()).sort()).toEqual(["stderr: no ***", "stdout: key ***"]);
  });

  it("are masked also where a long line is cut", async () => {
    const says = 'console.error("x".repeat(395) + process.env.KEY); process.exit(1)';
    expect((await failure(node(says), { options }))?.message).toMatch(/x\*\*\*$/);
  });

  it("may not be in its output", async () => {
    expect((await failure(node(returns("process.env.KEY")), { options }))?.name).toBe("SecretError");
  });
});

/** The id that it prints first. */
async function pidIn(log: () => Promise<string[]>): Promise<number> {
  await expect.poll(log, { timeout: 20_000 }).toContainEqual(expect.stringMatching(/^stdout: \d+$/));
  return Number((await log())[0]!.slice("stdout: ".length));
}

describe("a command that is aborted", () => {
  it("hears SIGTERM, and may tidy up", async () => {
    const abort = new AbortController();
    const waits =
      'process.on("SIGTERM", () => { console.log("tidied up"); process.exit(0) }); setInterval(() => {}, 1e3); console.log(process.pid)';
    const result = ran(node(waits), {}, abort.signal);
    await pidIn(lines);
    abort.abort();
    await result;
    expect((await lines())[1]).toBe("stdout: tidied up");
  });

  it("is killed where it does not heed, with what it has started", async () => {
    const abort = new AbortController();
    const deaf = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1e3);';
    const starts = `${deaf} const { pid } = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(`${deaf} console.log("ready")`)}], { stdio: ["ignore", "inherit", "inherit"] }); console.log(pid)`;
    const result = ran(node(starts), {}, abort.signal, 100);
    const pid = await pidIn(lines);
    await expect.poll(lines).toContain("stdout: ready");
    abort.abort();
    await result;
    await expect.poll(() => hasEnded(pid)).toBe(true);
  });

  it("before it begins does not begin", async () => {
    const abort = new AbortController();
    abort.abort();
    expect(await ran(node("console.log(1)"), {}, abort.signal)).toMatchObject({ failure: { name: "AbortedError" } });
    expect(await lines()).toEqual([]);
  });
});

describe("when a command has ended", () => {
  it("what it has left running ends too", async () => {
    const leaves =
      'const { pid, unref } = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1e3)"], { stdio: "inherit" }); console.log(pid); process.exit(0)';
    expect(await ran(node(leaves))).toEqual({ outcome: "completed" });
    const pid = await pidIn(lines);
    await expect.poll(() => hasEnded(pid)).toBe(true);
  });

  it("the last of very many lines is in its log", async () => {
    const many = 'for (let n = 0; n < 100_000; n++) process.stdout.write("line " + n + "\\n")';
    expect(await ran(node(many))).toEqual({ outcome: "completed" });
    const kept = await lines();
    expect([kept[0], kept.at(-1)]).toEqual(["stdout: line 0", "stdout: line 99999"]);
  });
});

it("a command ends with its agent, however that dies", async () => {
  await store.tasks.create({
    id: "t",
    name: "t",
    code: { kind: "command", run: node("console.log(process.pid); setInterval(() => {}, 1e3)") },
    options: { type: "training", queue: "default" },
  });
  await store.tasks.enqueue("t");
  const agent = start(["agent", "--queue", "default", "--slots", "1", "--store", folder], {
    cwd: folder,
    env: { TMPDIR: folder },
  });
  const pid = await pidIn(lines);
  agent.child.kill("SIGKILL");
  await agent.ended;
  await expect.poll(() => hasEnded(pid), { timeout: 5_000 }).toBe(true);
});
