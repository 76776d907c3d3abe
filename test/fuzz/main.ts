/**
 * npm run fuzz -- [--seed S] [--runs N] [--no-resume] [--no-shrink] [--path P]
 *
 * Random programs, each run as the function it is and as the graph that it compiles to, with completions released in random orders, and once more with the
 * controller stopped after every event. A disagreement is shrunk and printed as TypeScript.
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import type { Trace } from "../oracle/held.ts";
import { traceGraph, tracePlain, traceResumed } from "../oracle/oracle.ts";
import { random } from "../oracle/order.ts";
import { program } from "./program.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    runs: { type: "string", default: "500" },
    resume: { type: "boolean", default: true },
    shrink: { type: "boolean", default: true },
    path: { type: "string" },
  },
  allowNegative: true,
});
const seed = Number(values.seed);
const numRuns = Number(values.runs);

// Programs drop promises on purpose; what becomes of them is compared, not reported.
process.on("unhandledRejection", () => {});

/** Programs that end in the same error of the engine on both sides prove little: they are counted apart. */
const seen = { programs: 0, releases: 0, resumes: 0, engineErrors: 0, neverSettled: 0 };

class Disagreement extends Error {}

async function agrees(source: string): Promise<void> {
  const n = source.length;
  for (const order of [n, n + 1]) {
    const expected = await tracePlain(source, n % 5, random(order));
    compare("the plain function", expected, "the graph", await traceGraph(source, n % 5, random(order)));
    note(expected);
  }
  if (!values.resume) return;
  const expected = await tracePlain(source, n % 5, random(n + 2));
  compare("the plain function", expected, "the resumed graph", await traceResumed(source, n % 5, () => random(n + 2)));
  seen.resumes += expected.filter((line) => line.startsWith("release")).length;
}

function compare(one: string, expected: Trace, other: string, actual: Trace): void {
  const at = expected.findIndex((line, i) => line !== actual[i]);
  if (at < 0 && expected.length === actual.length) return;
  const from = at < 0 ? expected.length : at;
  const show = (trace: Trace) =>
    trace
      .slice(Math.max(0, from - 3), from + 3)
      .map((line) => `    ${line}`)
      .join("\n");
  throw new Disagreement(`they part at line ${from + 1}\n  ${one}:\n${show(expected)}\n  ${other}:\n${show(actual)}`);
}

function note(trace: Trace): void {
  seen.programs += 1;
  seen.releases += trace.filter((line) => line.startsWith("release")).length;
  const end = trace.at(-1) ?? "";
  if (/^throw (TypeError|ReferenceError)/.test(end)) seen.engineErrors += 1;
  if (end === "never settled") seen.neverSettled += 1;
}

const started = performance.now();

const property = fc.asyncProperty(program, agrees);
const result = await fc.check(property, {
  seed,
  numRuns,
  ...(values.path && { path: values.path }),
  endOnFailure: !values.shrink,
});
const seconds = ((performance.now() - started) / 1000).toFixed(1);

if (result.failed) {
  const [source] = result.counterexample ?? [];
  const error = result.errorInstance as Error | undefined;
  console.log(
    `seed ${seed}, after ${result.numRuns} programs, shrunk ${result.numShrinks} times (--path ${result.counterexamplePath}):\n`,
  );
  console.log(`${source}\n`);
  console.log(error instanceof Disagreement ? error.message : (error?.stack ?? String(error)));
} else console.log(`seed ${seed}: ${numRuns} programs agree`);
console.log(
  `${seen.programs} comparisons, ${seen.releases} releases, ${seen.resumes} resumes; ${seen.engineErrors} ended in an engine's error, ${seen.neverSettled} never settled; ${seconds} s`,
);
process.exit(result.failed ? 1 : 0);
