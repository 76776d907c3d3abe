import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ProcessExecutorOptions, processExecutor } from "../../../../src/runtime/agent/executors/process.ts";
import { type MakeExecutor, outputOf, serve, stepBehaviour } from "./step-behaviour.ts";

const inProcesses =
  (options: Partial<ProcessExecutorOptions> = {}): MakeExecutor =>
  ({ store, folder }) =>
    processExecutor({ store, bundleDir: join(folder, "bundles"), slots: 2, ...options });

describe("a step in a process of its own", () => {
  stepBehaviour(inProcesses());

  it("may lie in a module that exports a function named then", async () => {
    const run = await serve(inProcesses(), "export const then = async () => 'now';");
    expect(await outputOf(run, await run.start("then"))).toBe("now");
  });

  it("finds what it imports by the conditions of its agent: from source, it needs nothing that is built", async () => {
    const run = await serve(inProcesses(), "export const conditions = async () => process.execArgv;");
    expect(await outputOf(run, await run.start("conditions"))).toEqual(["--conditions=reprise-source"]);
  });

  it("finds a warm process: the last one, or the one in reserve", async () => {
    const run = await serve(inProcesses({ slots: 1 }), "export const pid = async () => process.pid;");
    const pids = new Set<unknown>();
    for (let n = 0; n < 5; n++) pids.add(await outputOf(run, await run.start("pid", { path: `pid${n}` })));
    expect(pids.size).toBeLessThanOrEqual(2);
    expect(pids).not.toContain(process.pid);
  });

  it("is one of fifty over two slots: each runs once, in at most three processes", async () => {
    const run = await serve(
      inProcesses(),
      "export const n = async (n) => { console.log(n); return [n, process.pid]; };",
    );
    const tasks = await Promise.all(Array.from({ length: 50 }, (_, n) => run.start("n", { path: `n${n}`, input: n })));
    const outputs = (await Promise.all(tasks.map((task) => outputOf(run, task)))) as [number, number][];
    expect(outputs.map(([n]) => n)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    expect(new Set(outputs.map(([, pid]) => pid)).size).toBeLessThanOrEqual(3);
    await run.stop();
    const logs = await Promise.all(tasks.map((task) => run.store.logs.read(task)));
    expect(logs.map((lines) => lines.map(({ text }) => text))).toEqual(outputs.map(([n]) => [String(n)]));
  });

  it("has in its log what others print for it: programs that it starts, native writes, half lines", async () => {
    const run = await serve(
      inProcesses(),
      `import { execFileSync } from "node:child_process";
       import { writeSync } from "node:fs";
       export const print = async () => {
         execFileSync("echo", ["from echo"], { stdio: "inherit" });
         writeSync(2, "native\\n");
         process.stdout.write("half a line");
       };`,
    );
    const print = await run.start("print");
    await run.event(print, "completed");
    await run.stop();
    const lines = (await run.store.logs.read(print)).map(({ stream, text }) => `${stream}: ${text}`);
    expect(lines.sort()).toEqual(["stderr: native", "stdout: from echo", "stdout: half a line"]);
  });

  it("leaves nothing of what it printed to the next one in its process: programs, native writes, half lines, more than a pipe holds", async () => {
    const run = await serve(
      inProcesses({ slots: 1 }),
      `import { execFileSync } from "node:child_process";
       import { writeSync } from "node:fs";
       const many = 100_000;
       export const print = async (n) => {
         if (n % 3 === 0) for (let i = 0; i < many; i++) console.log(n + " of many");
         if (n % 3 === 1) { execFileSync("echo", [n + " from echo"], { stdio: "inherit" }); writeSync(2, n + " native"); }
         if (n % 3 === 2) process.stdout.write(n + " half");
       };`,
      { slots: 1 },
    );
    const tasks = await Promise.all(
      Array.from({ length: 6 }, (_, n) => run.start("print", { path: `print${n}`, input: n })),
    );
    for (const task of tasks) await run.event(task, "completed");
    await run.stop();
    for (const [n, task] of tasks.entries()) {
      const lines = (await run.store.logs.read(task)).map(({ text }) => text);
      expect(new Set(lines.map((text) => text.split(" ")[0]))).toEqual(new Set([String(n)]));
      if (n % 3 === 1) expect(lines.sort()).toEqual([`${n} from echo`, `${n} native`]);
      if (n % 3 === 2) expect(lines).toEqual([`${n} half`]);
    }
  });

  it("that is short waits for a process that is hot; steps that go on side by side have one each all the same", async () => {
    const slots = 2 * availableParallelism() + 4;
    const port = await listen();
    const run = await serve(
      inProcesses({ slots }),
      `import { connect } from "node:net";
       export const short = async () => process.pid;
       export const together = (port) => new Promise((resolve) => connect(port, "127.0.0.1").on("data", () => resolve(process.pid)));`,
      { slots },
    );
    const shorts = await Promise.all(Array.from({ length: 200 }, (_, n) => run.start("short", { path: `short${n}` })));
    const hot = new Set(await Promise.all(shorts.map((task) => outputOf(run, task))));
    expect(hot.size).toBeLessThan(slots);
    const all = await Promise.all(
      Array.from({ length: slots }, (_, n) => run.start("together", { path: `together${n}`, input: port.number })),
    );
    for (const { socket } of await port.connections(slots)) socket.write("go");
    expect(new Set(await Promise.all(all.map((task) => outputOf(run, task)))).size).toBe(slots);
  });

  it.each(["waits", "computes without a pause"])(
    "that is short is not held up by one that %s after all",
    async (how) => {
      const port = await listen();
      const slots = 16;
      const run = await serve(
        inProcesses({ slots }),
        `import { once } from "node:events";
       import { existsSync } from "node:fs";
       import { connect } from "node:net";
       export const short = async () => current().attempt;
       export const long = async ({ port, how, go }) => {
         const socket = connect(port, "127.0.0.1");
         await once(socket, "connect");
         if (how !== "waits") while (!existsSync(go));
         await once(socket, "data");
       };`,
        { slots },
      );
      const shorts = (count: number, path: string) =>
        Promise.all(Array.from({ length: count }, (_, n) => run.start("short", { path: `${path}${n}` })));
      await Promise.all((await shorts(100, "before")).map((task) => outputOf(run, task)));
      const go = join(run.folder, "go");
      const long = await run.start("long", { input: { port: port.number, how, go } });
      const behind = await shorts(60, "behind");
      const [connected] = await port.connections(1);
      expect(new Set(await Promise.all(behind.map((task) => outputOf(run, task))))).toEqual(new Set([1]));
      expect((await run.store.tasks.get(long))!.status).toBe("running");
      await writeFile(go, "");
      connected!.socket.write("go");
      await run.event(long, "completed");
    },
  );

  it("that is short is finished by an agent that drains, or not begun", async () => {
    const run = await serve(
      inProcesses({ slots: 16 }),
      `import { appendFileSync } from "node:fs";
       export const note = async ({ file, n }) => appendFileSync(file, n + "\\n");`,
      { slots: 16 },
    );
    const file = join(run.folder, "ran");
    const start = (n: number) => run.start("note", { path: `note${n}`, input: { file, n } });
    const tasks = await Promise.all(Array.from({ length: 200 }, (_, n) => start(n)));
    await run.event(tasks[20]!, "completed");
    await run.stop();
    const statuses = await Promise.all(tasks.map(async (task) => (await run.store.tasks.get(task))!.status));
    expect(new Set(statuses)).toEqual(new Set(["completed", "queued"]));
    const ran = (await readFile(file, "utf8")).trim().split("\n").map(Number);
    expect(ran.sort((a, b) => a - b)).toEqual([...tasks.keys()].filter((n) => statuses[n] === "completed"));
  });

  it("is heard while it computes without a pause", async () => {
    const run = await serve(
      inProcesses({ graceMs: 50 }),
      "export const spin = async () => { for (let n = 0; ; n++) if (n % 1e6 === 0) current().scalar('turns', 'all', n, n); };",
    );
    const spin = await run.start("spin");
    await run.event(spin, "scalar");
    await run.abort(spin);
    await run.event(spin, "aborted");
  });
});

describe("a step process that dies", () => {
  it("is a new attempt, and what runs beside it goes on", async () => {
    const run = await serve(
      inProcesses(),
      `export const once = async () => {
         if (current().attempt === 1) { process.stderr.write("dying"); process.kill(process.pid, "SIGKILL"); await new Promise(() => {}); }
         return current().attempt;
       };
       export const beside = ({ file }) => new Promise((resolve) => {
         current().progress(0.1);
         setTimeout(resolve, 30, "done");
       });`,
    );
    const beside = await run.start("beside", { input: {} });
    await run.event(beside, "progress");
    const task = await run.start("once");
    const { failure } = await run.event(task, "retrying");
    expect(failure).toEqual({
      name: "LostError",
      message: "the process of the step ended (SIGKILL) before the step did",
    });
    expect(await outputOf(run, task)).toBe(2);
    expect(await outputOf(run, beside)).toBe("done");
    expect((await run.store.logs.read(task)).map(({ attempt, text }) => [attempt, text])).toEqual([[1, "dying"]]);
  });

  it("is a new attempt of that step alone, whatever else was given to that process", async () => {
    const slots = 16;
    const run = await serve(
      inProcesses({ slots }),
      `export const short = async ({ dies }) => {
         if (dies && current().attempt === 1) process.exit(3);
         return current().attempt;
       };`,
      { slots },
    );
    const dies = (n: number) => n % 20 === 10;
    const start = (n: number) => run.start("short", { path: `short${n}`, input: { dies: dies(n) } });
    const tasks = await Promise.all(Array.from({ length: 100 }, (_, n) => start(n)));
    const attempts = await Promise.all(tasks.map((task) => outputOf(run, task)));
    expect(attempts).toEqual(tasks.map((_, n) => (dies(n) ? 2 : 1)));
    expect(run.events.filter(({ kind }) => kind === "retrying")).toHaveLength(5);
  });

  it("three times fails the task", async () => {
    const run = await serve(inProcesses(), "export const exit = async () => { process.exit(3); };");
    const exit = await run.start("exit");
    const { failure, attempt } = await run.event(exit, "failed");
    expect(attempt).toBe(3);
    expect(failure).toEqual({
      name: "LostError",
      message:
        "the process of the step exited with code 3 before the step did: a step returns or throws, it does not call process.exit",
    });
  });

  it("before it could start says why", async () => {
    const node = process.execPath;
    onTestFinished(() => {
      process.execPath = node;
    });
    process.execPath = "/no/such/node";
    const run = await serve(inProcesses(), "export const fit = async () => {};");
    const { failure } = await run.event(await run.start("fit"), "failed");
    expect(failure).toEqual({
      name: "LostError",
      message: "the process of the step could not be started: spawn /no/such/node ENOENT",
    });
  });

  it("for want of memory says so", async () => {
    const run = await serve(
      inProcesses({ memoryMb: 24 }),
      "export const grow = async () => { const all = []; for (;;) all.push(new Array(1000).fill({}).map((_, n) => ({ n }))); };",
    );
    const { failure } = await run.event(await run.start("grow"), "retrying");
    expect(failure.message).toBe(
      "the process of the step ran out of memory (its limit is 24 MB) before the step ended",
    );
  });

  it("ends the programs that the step has started", async () => {
    const port = await listen();
    const run = await serve(
      inProcesses({ graceMs: 30 }),
      `import { spawn } from "node:child_process";
       const program = (port) => \`require("node:net").connect(\${port}); setInterval(() => {}, 1000)\`;
       export const leave = async (port) => {
         spawn(process.execPath, ["-e", program(port)], { stdio: "inherit" });
         await new Promise(() => {});
       };`,
    );
    const leave = await run.start("leave", { input: port.number });
    const [program] = await port.connections(1);
    await run.store.runs.turn("run", 1, [{ kind: "abort", task: leave, reason: "enough" }]);
    await program!.closed;
  });
});

it("what a step was uploading when its process was killed is gone, and nobody waits for it", async () => {
  const run = await serve(
    inProcesses(),
    `async function* stuck() { yield Buffer.alloc(1_000_000); current().progress(0.5); await new Promise(() => setTimeout(() => {}, 60_000)); }
     export const give = async () => void (await current().artifact("large", stuck()));`,
  );
  const give = await run.start("give");
  await run.event(give, "progress");
  expect(await readdir(run.store.blobs.spool)).toHaveLength(1);
  await run.abort(give);
  await run.event(give, "aborted");
  expect(await run.store.artifacts.find(give, "large")).toBeUndefined();
  await run.stop();
  expect(await readdir(run.store.blobs.spool)).toEqual([]);
});

describe("an error that nobody caught", () => {
  it("fails the step that it belongs to, and its process is not used again", async () => {
    const run = await serve(
      inProcesses(),
      `export const rejected = async () => { Promise.reject(new RangeError("dropped")); return process.pid; };
       export const thrown = () => new Promise(() => { setTimeout(() => { console.log(process.pid); throw new TypeError("in a timer"); }); });
       export const pid = async () => process.pid;`,
      { slots: 1 },
    );
    expect((await run.event(await run.start("rejected"), "failed")).failure).toMatchObject({
      name: "RangeError",
      message: "dropped",
      at: "examples/steps/pipeline.ts:1:54",
    });
    const thrown = await run.start("thrown");
    expect((await run.event(thrown, "failed")).failure).toMatchObject({ name: "TypeError", message: "in a timer" });
    const [line] = await run.store.logs.read(thrown);
    expect(String(await outputOf(run, await run.start("pid")))).not.toBe(line!.text);
  });
});

describe("a step that does not let go", () => {
  it("is ended by force after the grace period", async () => {
    const run = await serve(
      inProcesses({ graceMs: 30 }),
      `export const deaf = () => new Promise(() => { process.on("SIGTERM", () => {}); current().progress(0.1); setInterval(() => {}, 1000); });
       export const next = async () => 1;`,
      { slots: 1 },
    );
    const deaf = await run.start("deaf", { options: { timeLimitMs: 300 } });
    const { failure } = await run.event(deaf, "failed");
    expect(failure.name).toBe("TimeLimitError");
    expect(await outputOf(run, await run.start("next"))).toBe(1);
  });
});

it("what a step reports after its end is another step's neither", async () => {
  const run = await serve(
    inProcesses(),
    `export const hasty = async () => {
       const task = current();
       setTimeout(() => { task.scalar("loss", "late", 1, 1); task.progress(0.3); void task.artifact("late", "x"); });
     };
     export const next = () => new Promise((resolve) => setTimeout(resolve, 20));`,
    { slots: 1 },
  );
  const hasty = await run.start("hasty");
  const next = await run.start("next");
  await run.event(next, "completed");
  await run.stop();
  for (const task of [hasty, next]) {
    expect(await run.store.metrics.summaries(task)).toEqual([]);
    expect(await run.store.artifacts.list(task)).toEqual([]);
  }
});

it("an agent that is killed takes its step processes along at once", async () => {
  const port = await listen();
  const run = await serve(
    inProcesses(),
    `import { connect } from "node:net";
     export const stay = (port) => new Promise(() => { process.on("SIGTERM", () => {}); connect(port, "127.0.0.1"); });`,
  );
  const stay = await run.start("stay", { input: port.number });
  const steps = await port.connections(1);
  run.kill();
  await Promise.all(steps.map(({ closed }) => closed));
  expect((await run.store.tasks.get(stay))!.status).toBe("running");
});

describe("an agent that dies takes its step processes along", () => {
  it.each(["waits", "computes without a pause"])("also while a step %s", async (how) => {
    const port = await listen();
    const folder = await mkdtemp(join(tmpdir(), "reprise-dying-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const agent = spawn(
      process.execPath,
      [join(import.meta.dirname, "dying-agent.ts"), folder, String(port.number), how],
      {
        stdio: ["ignore", "ignore", "inherit"],
        detached: true,
      },
    );
    onTestFinished(() => void agent.kill("SIGKILL"));
    const steps = await port.connections(2);
    process.kill(-agent.pid!, "SIGKILL");
    await once(agent, "exit");
    await Promise.all(steps.map(({ closed }) => closed));
  });
});

/** A port that tells when processes that have connected to it are gone. */
async function listen() {
  const connected: { socket: Socket; closed: Promise<unknown> }[] = [];
  let look = () => {};
  const server = createServer((socket: Socket) => {
    socket.on("error", () => {});
    connected.push({ socket, closed: once(socket.resume(), "close") });
    look();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return {
    number: port,
    connections: (count: number) =>
      new Promise<typeof connected>((resolve) => {
        look = () => connected.length >= count && resolve(connected);
        look();
      }),
  };
}
