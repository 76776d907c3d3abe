/** Runs that wait for times and people, from the command line, in real processes. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Event } from "../../src/model/event.ts";
import { openStore } from "../../src/runtime/store/open.ts";
import { emptyFolder, projectFolder, type Running, reprise, start } from "./command-line.ts";

const pipeline = `import { detach, pipeline, signal, sleep, step } from "reprise";
declare const process: { getBuiltinModule(name: "fs"): { appendFileSync(file: string, text: string): void; existsSync(file: string): boolean } };
declare const setTimeout: (then: () => void, ms: number) => unknown;

const fs = process.getBuiltinModule("fs");

export const count = step(async ({ n, diary }: { n: number; diary: string }) => { fs.appendFileSync(diary, \`count \${n}\\n\`); return n + 1; });
export const linger = step(async ({ diary }: { diary: string }) => {
  fs.appendFileSync(diary, "lingers\\n");
  while (!fs.existsSync(diary + ".go")) await new Promise<void>((resolve) => setTimeout(resolve, 5));
  fs.appendFileSync(diary, "has lingered\\n");
});

export const approval = pipeline("approval", async ({ diary }: { diary: string }) => {
  const n = await count({ n: 1, diary });
  const { by, when } = await signal<{ by: string; when: Date }>("approved", { timeLimit: "1h" });
  return { n: await count({ n, diary }), by, year: when.getUTCFullYear() };
});

export const nap = pipeline("nap", async ({ diary, ms }: { diary: string; ms: number }) => {
  const drawn = Math.random();
  const until = Date.now() + ms;
  const n = await count({ n: 1, diary });
  await sleep(ms);
  const late = Date.now() - until;
  return { n: await count({ n, diary }), drawn, late };
});

export const aside = pipeline("aside", async ({ diary }: { diary: string }) => {
  detach(linger({ diary }));
  return await count({ n: 1, diary });
});
`;

let folder: string;
const made: string[] = [];

beforeAll(() => {
  folder = projectFolder({ "pipeline.ts": pipeline });
  made.push(folder);
});
afterAll(() => {
  for (const one of made) rmSync(one, { recursive: true, force: true });
});

/** A store of its own, and what the steps write into. */
function place(): { cwd: string; diary: string } {
  const cwd = emptyFolder();
  made.push(cwd);
  return { cwd, diary: join(cwd, "diary") };
}

const run = (name: string, { cwd, diary }: { cwd: string; diary: string }, ...more: string[]) =>
  start(["run", join(folder, "pipeline.ts"), "--pipeline", name, "--id", "r", "--param", `diary="${diary}"`, ...more], {
    cwd,
  });

const lines = (file: string): string[] => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []);

async function events(cwd: string): Promise<Event[]> {
  if (!existsSync(join(cwd, ".reprise"))) return [];
  await using store = await openStore(join(cwd, ".reprise"));
  return await store.events.read("r", 0);
}

/** Looks until it holds, or the process that should bring it has ended. */
async function until(holds: () => Promise<boolean>, { ended }: Running): Promise<void> {
  let over = false;
  void ended.finally(() => {
    over = true;
  });
  while (!(await holds())) {
    if (over) throw new Error(`the process ended before it came to pass: ${(await ended).stderr}`);
    await pause(10);
  }
}

const waits = (cwd: string) => async () => (await events(cwd)).some(({ kind }) => kind === "waiting");

describe("a run that waits for a signal", () => {
  test("shows what it waits for, refuses what it cannot use, and goes on with what is sent", {
    timeout: 60_000,
  }, async () => {
    const at = place();
    const running = run("approval", at);
    await until(waits(at.cwd), running);

    const signal = (...words: string[]) => reprise(["signal", "r", ...words], at);
    const shown = await reprise(["task", "show", "r"], at);
    expect(shown.stdout).toMatch(/waits +approved: waiting for signal approved: reprise signal r approved · until /);

    expect(await signal("aproved")).toMatchObject({
      code: 2,
      stderr: 'reprise: the pipeline waits for no signal "aproved": did you mean "approved"?\n',
    });
    expect(await signal("approved", '{"by": 3, "when": "2026-01-31"}')).toMatchObject({
      code: 2,
      stderr: 'reprise: the value of the signal "approved" does not fit: "by": expected a string, got 3\n',
    });
    expect(await signal("approved", "{by")).toMatchObject({ code: 2, stderr: expect.stringContaining("is not JSON") });
    expect(await reprise(["signal", "other", "approved"], at)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no run "other" in this store'),
    });
    expect((await events(at.cwd)).filter(({ kind }) => kind === "signal")).toEqual([]);

    expect(await signal("approved", '{"by": "Ada", "when": "2026-01-31"}')).toMatchObject({
      code: 0,
      stdout: "r (approval) has the signal approved\n",
    });
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/○ approved: waiting for signal approved: reprise signal r approved/);
    expect(stdout).toMatch(/n: 3, by: 'Ada', year: 2026/);
    expect(await signal("approved", '{"by": "Ada", "when": "2026-01-31"}')).toMatchObject({
      code: 2,
      stderr: "reprise: the run r has ended: nobody waits for its signals any more\n",
    });
  });

  test("takes one that was sent while no process served it", { timeout: 60_000 }, async () => {
    const at = place();
    const running = run("approval", at);
    await until(waits(at.cwd), running);
    process.kill(-running.child.pid!, "SIGKILL");
    await running.ended;
    expect((await reprise(["signal", "r", "approved", '{"by": "Ada", "when": "2026-01-31"}'], at)).code).toBe(0);
    const { stdout } = await reprise(["resume", "r", "--json"], at);
    expect(JSON.parse(stdout)).toMatchObject({ status: "completed", result: { n: 3, by: "Ada", year: 2026 } });
    expect(lines(at.diary)).toEqual(["count 1", "count 2"]);
  });
});

describe("a run that sleeps", () => {
  test("killed in its sleep and resumed, it sleeps to the same end, and reads the same chance and time", {
    timeout: 60_000,
  }, async () => {
    const at = place();
    const running = run("nap", at, "--param", "ms=2000");
    await until(waits(at.cwd), running);
    process.kill(-running.child.pid!, "SIGKILL");
    await running.ended;
    const drawn = await (async () => {
      await using store = await openStore(join(at.cwd, ".reprise"));
      return (await store.runs.chances("r")).get("Math.random#1");
    })();
    const { code, stdout } = await reprise(["resume", "r", "--json"], at);
    expect(code).toBe(0);
    const { result } = JSON.parse(stdout);
    expect(result).toMatchObject({ n: 3, drawn });
    expect(result.late).toBeGreaterThanOrEqual(0);
    const all = await events(at.cwd);
    const waiting = all.filter((event) => event.kind === "waiting");
    const fired = all.filter((event) => event.kind === "timer");
    expect([waiting.length, fired.length]).toEqual([1, 1]);
    expect(fired[0]!.at).toBeGreaterThanOrEqual(waiting[0]!.until!);
    expect(lines(at.diary)).toEqual(["count 1", "count 2"]);
  });
});

describe("a run that has detached a step", () => {
  test("completes, and its process ends when that step has", { timeout: 60_000 }, async () => {
    const at = place();
    const running = run("aside", at);
    await until(async () => running.said.stderr.includes("1 detached task goes on: waiting for it to end…"), running);
    await until(async () => lines(at.diary).includes("lingers"), running);
    expect((await events(at.cwd)).some(({ task, kind }) => task === "r" && kind === "completed")).toBe(true);
    expect(running.child.exitCode).toBe(null);
    writeFileSync(`${at.diary}.go`, "");
    const { code, stdout } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("aside completed") });
    expect(lines(at.diary)).toContain("has lingered");
  });

  test("killed when it had completed, it is resumed for what is left", { timeout: 60_000 }, async () => {
    const at = place();
    const running = run("aside", at);
    await until(
      async () => (await events(at.cwd)).some(({ task, kind }) => task === "r" && kind === "completed"),
      running,
    );
    process.kill(-running.child.pid!, "SIGKILL");
    await running.ended;
    writeFileSync(`${at.diary}.go`, "");
    const { code, stdout } = await reprise(["resume", "r", "--json"], at);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: "completed", result: 2 });
    expect(lines(at.diary)).toContain("has lingered");
  });
});
