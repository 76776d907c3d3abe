/**
 * How fast Reprise is, beside a floor: `npm run bench [ROUNDS]`. Each round runs every contestant once, in a fresh process and on a fresh store; a ratio is
 * taken between figures of the same round, and of the ratios the median. README.md here says how to read the figures.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { measures, median, type Round } from "./contestant/measures.ts";
import { watchedEdits } from "./watched-edits.ts";

const rounds = Number(process.argv[2] ?? 5);
const here = import.meta.dirname;
const shim = join(here, "..", "bin", "reprise.cjs");

const contestants = [
  { name: "floor", file: "floor.ts", env: {} },
  { name: "inline", file: "contestant.mjs", env: { REPRISE_BENCH_ISOLATION: "inline" } },
  { name: "process", file: "contestant.mjs", env: { REPRISE_BENCH_ISOLATION: "process" } },
  { name: "floor, full", file: "floor.ts", env: { REPRISE_BENCH_DURABILITY: "full" } },
  { name: "inline, full", file: "contestant.mjs", env: { REPRISE_BENCH_DURABILITY: "full" } },
] as const;
type Name = (typeof contestants)[number]["name"];
const floorOf = (name: Name): Name => (name.endsWith("full") ? "floor, full" : "floor");

const results = Object.fromEntries(contestants.map(({ name }) => [name, []])) as unknown as Record<Name, Round[]>;
for (let round = 1; round <= rounds; round++)
  for (const { name, file, env } of contestants) {
    results[name].push(measured(file, env));
    process.stderr.write(`round ${round} of ${rounds}: ${name}\n`);
  }

console.log(
  `\n${cpus().length} × ${cpus()[0]!.model.trim()}, Node ${process.version}, ${rounds} rounds, load ${loadavg()[0]!.toFixed(1)}\n`,
);
console.log(
  "| | W1 chain ms | W2 fan-out steps/s | W3 rerun ms | W4 steps/s | W5 ÷ ideal | cold ms | CPU ms | RSS MB |",
);
console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
for (const { name } of contestants) {
  const of = (pick: (round: Round) => number | undefined) =>
    median(results[name].map((round) => pick(round) ?? Number.NaN));
  const figures = [
    of((round) => round.chain).toFixed(3),
    (1_000 / of((round) => round.fanout)).toFixed(0),
    of((round) => round.loop).toFixed(3),
    (1_000 / of((round) => round.runs)).toFixed(0),
    of((round) => round.cores).toFixed(2),
    of((round) => round.coldMs).toFixed(0),
    of((round) => round.cpuMs).toFixed(0),
    of((round) => round.rssMb).toFixed(0),
  ];
  console.log(`| ${name} | ${figures.join(" | ").replaceAll("NaN", "–")} |`);
}

console.log(
  "\nTimes as long as the floor, median of the rounds' ratios:\n\n| | W1 | W2 | W3 | W4 |\n| --- | --- | --- | --- | --- |",
);
for (const { name } of contestants) {
  if (floorOf(name) === name) continue;
  const ratios = measures.map((measure) =>
    median(results[name].map((round, i) => round[measure] / results[floorOf(name)][i]![measure])).toFixed(1),
  );
  console.log(`| ${name} | ${ratios.join(" | ")} |`);
}

console.log("\nFrom the shell, the best of the rounds:\n");
const folder = mkdtempSync(join(tmpdir(), "reprise-bench-"));
try {
  const chain = join(here, "contestant", ".compiled", "chain.json");
  const flagship = join(here, "..", "examples", "rerun-until-good", "pipeline.ts");
  const compile = ["compile", flagship, "-o", join(folder, "flagship.json")];
  tell("--help", () => shell(["--help"], folder));
  tell("a run of one step from JSON, to its end", (i) =>
    shell(["run", chain, "--param", "steps=1"], join(folder, `${i}`)),
  );
  tell("compile of the flagship, cold", (i) => shell(compile, join(folder, `compile${i}`)));
  tell("compile of the flagship, unchanged", () => shell(compile, join(folder, "compile0")));
  for (const [what, took] of Object.entries(await watchedEdits(20)))
    console.log(
      `- compile --watch of the flagship, ${what}, from the write of the file to that of the JSON: ${median(took).toFixed(0)} ms, the median of 20 (${Math.min(...took).toFixed(0)} to ${Math.max(...took).toFixed(0)})`,
    );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function measured(file: string, env: Record<string, string>): Round {
  const output = execFileSync(process.execPath, ["--no-warnings", join(here, "round.ts"), join(here, file)], {
    env: { ...process.env, ...env, NODE_ENV: "production" },
    encoding: "utf8",
  });
  return JSON.parse(output.trimEnd().split("\n").at(-1)!) as Round;
}

function tell(what: string, measure: (round: number) => number): void {
  const best = Math.min(...Array.from({ length: rounds }, (_, i) => measure(i)));
  console.log(`- ${what}: ${best.toFixed(0)} ms`);
}

function shell(args: string[], store: string): number {
  const begun = performance.now();
  const env = { ...process.env, REPRISE_STORE: store };
  const { status, stderr } = spawnSync(process.execPath, [shim, ...args], { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`reprise ${args.join(" ")} has failed:\n${stderr}`);
  return performance.now() - begun;
}
