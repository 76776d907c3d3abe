import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { encode } from "../../../../../src/model/value.ts";
import { type Child, type ChildOptions, startChild } from "../../../../../src/runtime/agent/executors/process/child.ts";
import type { StepCall } from "../../../../../src/runtime/agent/executors/step-call.ts";
import type { RanStep } from "../../../../../src/runtime/agent/executors/step-executor.ts";
import type { Recorder } from "../../../../../src/runtime/agent/recorder.ts";

const never = new AbortController().signal;

type Outcome = "not begun" | { returned?: string } | { threw: string };

/** A process, and a way to give it steps of that module; what they print is kept by the step. */
async function processOf(source: string, options: Partial<ChildOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "reprise-child-"));
  await writeFile(join(folder, "module.mjs"), `${source}\n${context}`);
  await writeFile(join(folder, "entry.mjs"), 'export * as module from "./module.mjs";\n');
  const child: Child = startChild({ graceMs: 5_000, ...options });
  onTestFinished(async () => {
    child.kill();
    await child.gone;
    await rm(folder, { recursive: true, force: true });
  });
  await child.ready;

  function give(step: string, { input, signal = never }: { input?: unknown; signal?: AbortSignal } = {}) {
    const lines: string[] = [];
    let heard = (): void => {};
    const progressed = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const recorder = {
      line: (stream: string, text: string) => void lines.push(`${stream}: ${text}`),
      progress: () => heard(),
      backlog: 0,
      settled: async () => {},
    } as unknown as Recorder;
    const call: StepCall = {
      id: step,
      name: step,
      attempt: 1,
      createdAt: 0,
      entry: join(folder, "entry.mjs"),
      export: step,
      spools: join(folder, "spool"),
      ...(input !== undefined && { input: { text: encode(input) } }),
    };
    const outcome = child.run(call, recorder, signal).then(outcomeOf);
    return { outcome, lines, progressed };
  }

  const ran = async () => (await readFile(join(folder, "ran"), "utf8").catch(() => "")).split("\n").filter(Boolean);

  /** Hears nothing from the process until that step has run, and for so many milliseconds more. */
  async function hearLate(step: string, moreMs = 0): Promise<void> {
    // What was given in this turn is sent.
    await Promise.resolve().then(() => new Promise<void>((resolve) => process.nextTick(resolve)));
    const file = join(folder, "ran");
    while (!(existsSync(file) && readFileSync(file, "utf8").includes(step)));
    for (const end = performance.now() + moreMs; performance.now() < end; );
  }

  return { child, give, ran, folder, hearLate };
}

async function outcomeOf(ran: RanStep | undefined): Promise<Outcome> {
  if (ran === undefined) return "not begun";
  await ran.quiet;
  if (ran.end.end === "threw") return { threw: `${ran.end.failure.name}: ${ran.end.failure.message}` };
  return ran.end.output === undefined ? {} : { returned: ran.end.output };
}

/** `note` tells what has run, also where a process dies. */
const context = `
import { appendFileSync } from "node:fs";
const current = () => globalThis[Symbol.for("reprise.stepContext")].getStore();
const note = (what) => appendFileSync(new URL("ran", import.meta.url), what + "\\n");
`;

const lost = (how: string) => ({ threw: `LostError: the process of the step ${how}` });

it("steps that were given at once run one after the other, each with its own answer", async () => {
  const { give, ran } = await processOf(
    `let at = 0;
     export const turn = async (n) => { const began = at++; await new Promise(setImmediate); note(n); return [n, began, at]; };`,
  );
  const given = [0, 1, 2, 3].map((n) => give("turn", { input: n }));
  const outcomes = await Promise.all(given.map(({ outcome }) => outcome));
  expect(outcomes).toEqual([0, 1, 2, 3].map((n) => ({ returned: encode([n, n, n + 1]) })));
  expect(await ran()).toEqual(["0", "1", "2", "3"]);
});

it("what they print is told apart: the console, half lines, native writes, programs, more than a pipe holds", async () => {
  const { give } = await processOf(
    `import { execFileSync } from "node:child_process";
     import { writeSync } from "node:fs";
     export const say = async (n) => {
       if (n === 0) { process.stdout.write("0 half"); writeSync(2, "0 native"); }
       if (n === 2) execFileSync("echo", ["2 echo"], { stdio: "inherit" });
       if (n === 3) for (let i = 0; i < 50_000; i++) console.error("3 of many");
       if (n === 4) { console.log("4 log"); process.stdout.write("\\u001d9\\u001d4 no mark"); }
     };`,
  );
  for (let round = 0; round < 3; round++) {
    let given = [0, 1, 2, 3, 4, 5].map((n) => ({ n, ...give("say", { input: n }) }));
    const outcomes = await Promise.all(given.map(({ outcome }) => outcome));
    // Behind one whose output is not out yet none begins.
    given = given.filter((_, i) => outcomes[i] !== "not begun");
    expect(given.length).toBeGreaterThanOrEqual(4);
    for (const { n, lines } of given) {
      if (n === 0) expect(lines.sort()).toEqual(["stderr: 0 native", "stdout: 0 half"]);
      if (n === 1 || n === 5) expect(lines).toEqual([]);
      if (n === 2) expect(lines).toEqual(["stdout: 2 echo"]);
      if (n === 3) expect([lines.length, ...new Set(lines)]).toEqual([50_000, "stderr: 3 of many"]);
      if (n === 4) expect(lines).toEqual(["stdout: 4 log", "stdout: \u001d9\u001d4 no mark"]);
    }
  }
});

it("steps that were given turn by turn while another runs all run, in their order", async () => {
  const { give, ran } = await processOf(
    "export const go = async (n) => { note(n); await new Promise((r) => setTimeout(r, 5)); };",
  );
  const given = [];
  for (let n = 0; n < 5; n++) {
    given.push(give("go", { input: n }));
    await new Promise(setImmediate);
  }
  expect(await Promise.all(given.map(({ outcome }) => outcome))).toEqual([{}, {}, {}, {}, {}]);
  expect(await ran()).toEqual(["0", "1", "2", "3", "4"]);
});

it.each([
  ["has ended", "first"],
  ["runs", "begun"],
])(
  "one that is sent while another %s is told apart from it, also where the agent hears late of both",
  async (_, note) => {
    const { give, hearLate } = await processOf(
      `export const first = async () => {
       current().progress(0.5);
       note("begun");
       await new Promise((resolve) => setTimeout(resolve, 20));
       console.log("first");
       note("first");
     };
     export const second = async () => { console.log("second"); note("second"); };`,
    );
    const first = give("first");
    await hearLate(note, note === "first" ? 20 : 0);
    const second = give("second");
    await hearLate("second");
    expect(await Promise.all([first.outcome, second.outcome])).toEqual([{}, {}]);
    expect([first.lines, second.lines]).toEqual([["stdout: first"], ["stdout: second"]]);
  },
);

it("where a step ends its process, only it is lost: those before it have their answers, those behind it have not begun", async () => {
  const { give, ran } = await processOf(
    `export const go = async (n) => { note(n); if (n === 2) process.exit(3); return n; };`,
  );
  const given = [0, 1, 2, 3, 4].map((n) => give("go", { input: n }));
  expect(await Promise.all(given.map(({ outcome }) => outcome))).toEqual([
    { returned: encode(0) },
    { returned: encode(1) },
    lost("exited with code 3 before the step did: a step returns or throws, it does not call process.exit"),
    "not begun",
    "not begun",
  ]);
  expect(await ran()).toEqual(["0", "1", "2"]);
});

it("a crash of the next step takes no answer along, however large it is", async () => {
  const { give } = await processOf(
    `export const large = async () => "x".repeat(8_000_000);
     export const crash = async () => process.kill(process.pid, "SIGKILL");`,
  );
  const [large, crash] = [give("large"), give("crash")];
  expect((await large.outcome) as object).toHaveProperty("returned.length", encode("x".repeat(8_000_000)).length);
  expect(await crash.outcome).toEqual(lost("ended (SIGKILL) before the step did"));
});

it("behind an error that nobody caught none begins", async () => {
  const { give, ran, child, hearLate } = await processOf(
    `export const drop = async () => { note("drop"); Promise.reject(new RangeError("dropped")); };
     export const next = async () => note("next");`,
  );
  const [drop, next] = [give("drop"), give("next")];
  // Else the process could be ended before it comes to the next one.
  await hearLate("drop", 100);
  expect(await drop.outcome).toEqual({ threw: "RangeError: dropped" });
  expect(await next.outcome).toBe("not begun");
  await child.gone;
  expect(await ran()).toEqual(["drop"]);
});

it.each([
  ["waits", "while (!existsSync(go)) await new Promise((resolve) => setTimeout(resolve, 5));"],
  ["computes without a pause", "while (!existsSync(go));"],
])(
  "what is behind a step that %s can be taken back: it does not run there, and the process takes others afterwards",
  async (_, goOn) => {
    const { give, ran, child, folder } = await processOf(
      `import { existsSync } from "node:fs";
     const go = new URL("go", import.meta.url);
     export const long = async () => { note("long"); current().progress(0.5); ${goOn} return "done"; };
     export const short = async (n) => { note(n); return n; };`,
    );
    const long = give("long");
    const behind = [1, 2].map((n) => give("short", { input: n }));
    await long.progressed;
    child.takeBack();
    expect(child.silentMs).toBe(Number.POSITIVE_INFINITY);
    expect(await Promise.all(behind.map(({ outcome }) => outcome))).toEqual(["not begun", "not begun"]);
    expect(await give("short", { input: 3 }).outcome).toBe("not begun");
    expect(await ran()).toEqual(["long"]);
    await writeFile(join(folder, "go"), "");
    expect(await long.outcome).toEqual({ returned: encode("done") });
    const again = [4, 5].map((n) => give("short", { input: n }));
    expect(await Promise.all(again.map(({ outcome }) => outcome))).toEqual(
      [4, 5].map((n) => ({ returned: encode(n) })),
    );
    expect(await ran()).toEqual(["long", "4", "5"]);
  },
);

it("whatever is taken back and whenever, each step runs once or has not begun", async () => {
  const { give, ran, child } = await processOf(
    "export const count = async (n) => { note(n); if (n % 7 === 0) await new Promise(setImmediate); return n; };",
  );
  const expected: string[] = [];
  let taken = 0;
  for (let round = 0; round < 60; round++) {
    const given = Array.from({ length: 20 }, (_, i) => ({
      n: round * 20 + i,
      ...give("count", { input: round * 20 + i }),
    }));
    for (let i = 0; i < round % 5; i++) await new Promise(setImmediate);
    child.takeBack();
    for (const { n, outcome } of given) {
      if ((await outcome) === "not begun") taken += 1;
      else expected.push(String(n));
    }
  }
  expect(await ran()).toEqual(expected);
  expect(taken).toBeGreaterThan(0);
  expect(expected.length).toBeGreaterThan(0);
});

it("one that is aborted while it is behind another does not begin, and the other goes on", async () => {
  const { give, ran, folder } = await processOf(
    `import { existsSync } from "node:fs";
     const go = new URL("go", import.meta.url);
     export const long = async () => { note("long"); while (!existsSync(go)) await new Promise((resolve) => setTimeout(resolve, 5)); return "done"; };
     export const next = async () => note("next");`,
    // Too short for the thread that answers to be there: nobody is ended for one that has not begun.
    { graceMs: 1 },
  );
  const abort = new AbortController();
  const long = give("long");
  const next = give("next", { signal: abort.signal });
  abort.abort();
  expect(await next.outcome).toBe("not begun");
  await writeFile(join(folder, "go"), "");
  expect(await long.outcome).toEqual({ returned: encode("done") });
  expect(await ran()).toEqual(["long"]);
});

it("what is behind one that is aborted does not wait for its grace", async () => {
  const { give, ran } = await processOf(
    `export const deaf = async () => { note("deaf"); current().progress(0.5); await new Promise(() => setInterval(() => {}, 1000)); };
     export const next = async () => note("next");`,
  );
  const abort = new AbortController();
  const deaf = give("deaf", { signal: abort.signal });
  const next = give("next");
  await deaf.progressed;
  abort.abort();
  expect(await next.outcome).toBe("not begun");
  expect(await ran()).toEqual(["deaf"]);
});

it("an abort that comes too late for one says nothing to the next", async () => {
  const { give, hearLate } = await processOf(
    `export const short = async () => {};
     export const next = async () => { note("next"); await new Promise((resolve) => setTimeout(resolve, 50)); return current().signal.aborted; };`,
  );
  const abort = new AbortController();
  const short = give("short", { signal: abort.signal });
  const next = give("next");
  await hearLate("next");
  abort.abort();
  expect(await short.outcome).toEqual({});
  expect(await next.outcome).toEqual({ returned: encode(false) });
});

it("the abort of one says nothing to the next", async () => {
  const { give } = await processOf(
    `export const heed = () => new Promise((resolve) => { current().progress(0.5); current().signal.addEventListener("abort", () => resolve("heeded")); });
     export const next = async () => current().signal.aborted;`,
  );
  const abort = new AbortController();
  const heed = give("heed", { signal: abort.signal });
  await heed.progressed;
  abort.abort();
  expect(await heed.outcome).toEqual({ returned: encode("heeded") });
  expect(await give("next").outcome).toEqual({ returned: encode(false) });
});
