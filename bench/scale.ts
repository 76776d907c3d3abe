/**
 * What must not grow: the time and memory that long bodies, long loops and long histories take. Prints the figures, and exits with 1 where a bound is
 * broken. `npm run scale`; the bounds are those of the project's promises, for a machine of two cores. Where the processor's own time can be
 * told, it is what is bounded: what else the machine does at the time is nobody's promise.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "./contestant/measures.ts";
import { builders, manySteps, shapes, sourceOf } from "./scale/programs.ts";
import { bound, tell } from "./verdict.ts";

const checkout = join(import.meta.dirname, "..");
const folder = realpathSync(mkdtempSync(join(tmpdir(), "reprise-scale-")));

try {
  compiles(1_000);
  builds(1_000, 10_000);
  reruns(100_000);
  resumes();
  among(2_000);
  queues(10_000);
  sleeps(200);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function compiles(calls: number): void {
  console.log(`\nA body of ${calls} step calls, beyond a trivial one:`);
  const trivial = compiled("trivial", sourceOf(shapes["a chain of calls"](1)));
  for (const [name, shape] of Object.entries(shapes)) {
    const { ms, cpuMs, rssMb, bytes } = compiled("long", sourceOf(shape(calls)));
    tell(`${name} (${kilobytes(bytes)} of JSON)`, (ms - trivial.ms) / 1_000, "s");
    bound("  the processor's time", (cpuMs - trivial.cpuMs) / 1_000, 2.5, "s");
    bound("  memory", rssMb, 600, "MB");
  }
  const { ms, rssMb } = compiled("many", sourceOf(manySteps(calls)));
  tell("of 200 different steps, bundles included", (ms - trivial.ms) / 1_000, "s");
  bound("  memory", rssMb, 600, "MB");
}

/** The processor's time, so that a compile's own part is added to that of the process in which the graph is put together. */
function builds(few: number, many: number): void {
  console.log(`\nGraph builders, beyond trivial ones:`);
  const inLoop = builders["in a loop"];
  const types = (sourceOf: (n: number) => string, n: number) =>
    child<Took>("types.ts", [written("types", sourceOf(n))]).cpuMs / 1_000;
  bound(`types of ${few} steps, in a loop`, types(inLoop, few) - types(inLoop, 1), 1, "s");
  const byStatement = builders["each by a statement"];
  tell(`types of ${few} steps, each by a statement`, types(byStatement, few) - types(byStatement, 1), "s");
  bound(`${few} steps put together`, child<Took>("build.ts", [String(few)]).cpuMs / 1_000, 0.2, "s");
  const [trivial, whole] = [compiled("trivial", inLoop(1)), compiled("built", inLoop(many))];
  const together = child<Took>("build.ts", [String(many)]).cpuMs;
  bound(`${many} steps to JSON (${kilobytes(whole.bytes)})`, (whole.cpuMs - trivial.cpuMs + together) / 1_000, 1, "s");
  tell("  by the clock", (whole.ms - trivial.ms) / 1_000, "s");
}

function reruns(count: number): void {
  console.log(`\nA loop of ${count} reruns, in tenths:`);
  const json = join(folder, "loop.json");
  child("compile.ts", [join(import.meta.dirname, "scale", "loop.ts"), json]);
  const tenths = child<Tenth[]>("reruns.ts", [json, join(folder, "store"), String(count)], ["--expose-gc"]);
  for (const { usPerRerun, cpuUsPerRerun, statementsPerRerun, heapMb, rssMb } of tenths)
    console.log(
      `  ${usPerRerun.toFixed(0).padStart(5)} µs, ${cpuUsPerRerun.toFixed(0)} of the processor's, ${statementsPerRerun.toFixed(1)} statements a rerun; ${heapMb.toFixed(0)} MB heap, ${rssMb.toFixed(0)} MB in all`,
    );
  // The first tenth warms up.
  const [, second, ...rest] = tenths;
  const last = rest.at(-1)!;
  tell("time, end : beginning", last.usPerRerun / second!.usPerRerun, "×");
  bound("the processor's, end : beginning", last.cpuUsPerRerun / second!.cpuUsPerRerun, 1.5, "×");
  bound("statements, end : beginning", last.statementsPerRerun / second!.statementsPerRerun, 1.05, "×");
  bound("growth of the heap", last.heapMb - second!.heapMb, 16, "MB");
}

function resumes(): void {
  const { ms, events, result, rssMb } = child<Resumed>("resume.ts", [join(folder, "store")]);
  console.log(`\nResume over ${events} recorded events, to ${JSON.stringify(result)}:`);
  bound("time for each 100,000", (ms / 1_000 / events) * 100_000, 3, "s");
  tell("in all", ms / 1_000, "s");
  tell("memory", rssMb, "MB");
}

/** The same reruns in the store that holds those above, and in new ones, by turns. */
function among(count: number): void {
  console.log(`\n${count} reruns in that store, to the same in a new one:`);
  const json = join(folder, "loop.json");
  const cost = (store: string, id: string) => {
    const [, ...warm] = child<Tenth[]>("reruns.ts", [json, join(folder, store), String(count), id], ["--expose-gc"]);
    return {
      cpu: median(warm.map((tenth) => tenth.cpuUsPerRerun)),
      statements: median(warm.map((tenth) => tenth.statementsPerRerun)),
    };
  };
  const rounds = [1, 2, 3, 4, 5].map((round) => {
    const [full, empty] = [cost("store", `round-${round}`), cost(`new-${round}`, "loop")];
    return { cpu: full.cpu / empty.cpu, statements: full.statements / empty.statements };
  });
  bound("the processor's time", median(rounds.map(({ cpu }) => cpu)), 1.2, "×");
  bound("statements", median(rounds.map(({ statements }) => statements)), 1.05, "×");
}

function queues(count: number): void {
  console.log(`\nA queue of ${count} tasks, by thousands, the processor's time for each task:`);
  const { thousands } = child<Queued>("queue.ts", [join(folder, "queue"), String(count)], ["--expose-gc"]);
  for (const { enqueue, list, claim } of thousands)
    console.log(
      `  enqueued ${enqueue.cpuUs.toFixed(0)} µs, looked at ${list.cpuUs.toFixed(0)} µs, claimed and done ${claim.cpuUs.toFixed(0)} µs, ${claim.statements.toFixed(1)} statements`,
    );
  const [first, last] = [thousands[0]!, thousands.at(-1)!];
  bound("enqueue, last thousand : first", last.enqueue.cpuUs / first.enqueue.cpuUs, 1.5, "×");
  bound("look, last thousand : first", last.list.cpuUs / first.list.cpuUs, 1.5, "×");
  bound("claim, last thousand : first", last.claim.cpuUs / first.claim.cpuUs, 1.5, "×");
}

function sleeps(count: number): void {
  const json = join(folder, "sleeper.json");
  child("compile.ts", [join(import.meta.dirname, "scale", "sleeper.ts"), json]);
  const { rssMb } = child<{ rssMb: number }>("sleepers.ts", [json, join(folder, "sleepers"), String(count)]);
  console.log("");
  bound(`an agent in which ${count} pipelines sleep`, rssMb, 200, "MB");
}

type Cost = { cpuUs: number; statements: number };
type Queued = { thousands: { enqueue: Cost; list: Cost; claim: Cost }[] };
type Took = { cpuMs: number };
type Compiled = { ms: number; cpuMs: number; rssMb: number; bytes: number };
type Tenth = { usPerRerun: number; cpuUsPerRerun: number; statementsPerRerun: number; heapMb: number; rssMb: number };
type Resumed = { ms: number; events: number; result: unknown; rssMb: number };

/** The better of two. */
function compiled(name: string, source: string): Compiled {
  const file = written(name, source);
  const [one, two] = [child<Compiled>("compile.ts", [file]), child<Compiled>("compile.ts", [file])];
  return one.ms < two.ms ? one : two;
}

/** The source as `pipeline.ts` of a project. */
function written(name: string, source: string): string {
  const project = join(folder, name);
  mkdirSync(join(project, "node_modules"), { recursive: true });
  rmSync(join(project, "node_modules", "reprise"), { force: true });
  symlinkSync(checkout, join(project, "node_modules", "reprise"));
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(project, "tsconfig.json"),
    '{ "compilerOptions": { "strict": true, "customConditions": ["reprise-source"] } }',
  );
  const file = join(project, "pipeline.ts");
  writeFileSync(file, source);
  return file;
}

function child<T>(script: string, args: string[], flags: string[] = []): T {
  const path = join(import.meta.dirname, "scale", script);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions=reprise-source", ...flags, path, ...args],
    {
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(`${script} has failed:\n${stderr}`);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1)!) as T;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_024).toFixed(0)} KB`;
}
