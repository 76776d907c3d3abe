/**
 * Reprise as a contestant of a benchmark that sets durable engines side by side: `setup`, then measures that give milliseconds. The pipelines are run from
 * their JSON, which is compiled once and kept. REPRISE_BENCH_ISOLATION: inline (the default) or process; REPRISE_BENCH_DURABILITY: normal (the
 * default) or full.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { open, optimizeEarly, spareMemory } from "reprise/runtime";

export const name = "Reprise (SQLite)";
export const durable = "process crash";

optimizeEarly();
spareMemory();

const { REPRISE_BENCH_ISOLATION: isolation = "inline", REPRISE_BENCH_DURABILITY: durability = "normal" } = process.env;
const compiled = join(import.meta.dirname, "contestant", ".compiled");
const pipelines = new Map();
let reprise;

export async function setup({ dir }) {
  const agents =
    isolation === "inline"
      ? // As many pipelines and light steps at once as one process turns around without keeping much; those that are measured sixteen at a time apart.
        [
          { queues: ["default", "services"], slots: 64, isolation },
          { queues: ["sixteen"], slots: 16, isolation },
        ]
      : [
          { queues: ["default", "sixteen", "services"], slots: 16, isolation },
          // A step that computes wants a core of its own.
          { queues: ["cores"], slots: availableParallelism(), isolation },
        ];
  reprise = await open({ store: join(dir, "store"), durability, agents });
}

export const teardown = () => reprise.close();

export const chain = (steps) => timed(() => run("chain", { steps }, steps));
export const loop = (until) => timed(() => run("rerun", { until }, until));
export const fanout = (width) => timed(() => run("fanOut", { width }, width));
export const manyRuns = (n, steps) =>
  timed(() => Promise.all(Array.from({ length: n }, () => run("chain", { steps }, steps))));
/** Only where every step has a process. They are warm when the clock starts. */
export const cpu = isolation === "process" ? warmAndTimed : undefined;

async function warmAndTimed(width, ms) {
  await run("burns", { width: 8, ms: 20 }, 8);
  return timed(() => run("burns", { width, ms }, width));
}

async function run(pipeline, params, expected) {
  const started = await reprise.start(jsonOf(pipeline), params);
  const { n } = await started.result();
  if (n !== expected) throw new Error(`${pipeline}: got ${n}, not ${expected}`);
}

async function timed(measure) {
  const begun = performance.now();
  await measure();
  return performance.now() - begun;
}

function jsonOf(pipeline) {
  if (!pipelines.has(pipeline)) pipelines.set(pipeline, JSON.parse(readFileSync(compiledFile(pipeline), "utf8")));
  return pipelines.get(pipeline);
}

/** Anew where the source has changed since. */
function compiledFile(pipeline) {
  const file = join(compiled, `${pipeline}.json`);
  const writtenAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (writtenAt < statSync(join(import.meta.dirname, "contestant", "pipelines.ts")).mtimeMs)
    execFileSync(process.execPath, [join(import.meta.dirname, "contestant", "compile.ts"), compiled]);
  return file;
}
