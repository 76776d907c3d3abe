/**
 * Runs the bundler: many jobs in one build, so that each module of a package is read and parsed once. Of an author's module each job has one of its
 * own, with its own edits. What a job gives is what it would give alone.
 */
import { join, resolve } from "node:path";
import type { Message, Metafile } from "esbuild";
import * as esbuild from "esbuild";
import type { ts } from "ts-morph";
import type { DataFiles } from "./data-files.ts";
import type { Edit } from "./edits.ts";
import { entryOf, modules, own, type SideEffects } from "./modules.ts";
import { type Portable, portable } from "./portable.ts";
import type { Options, Warm } from "./warm.ts";

/** `contents`: the module that is bundled. `edits`: what is changed in the author's modules. `outside`: packages that stay out. */
export type Job = { contents: string; edits(source: ts.SourceFile): Edit[]; outside: string[] };

/** What the jobs of one program share. `root`: the project's folder. `warm`: what earlier builds have left. */
export type Sources = {
  owned: ts.SourceFile[];
  data: DataFiles;
  conditions: string[];
  root: string;
  warm?: Warm | undefined;
};

/** `inputs`: absolute paths of all modules that were looked at. `imports`: what is imported from outside. */
export type Built = Portable & { inputs: string[]; imports: string[] };

/** Why a job cannot be built; places are relative to the project's folder. */
export type Failed = { errors: Message[] };

/** Starts the bundler's process, so that it is there when the first job comes. */
export function startBundler(): void {
  void esbuild.transform("");
}

/** In the order of the jobs. */
export async function build(jobs: Job[], sources: Sources): Promise<(Built | Failed)[]> {
  const groups = Map.groupBy(jobs, ({ outside }) => outside.join());
  const built = await Promise.all([...groups.values()].map(async (group) => buildGroup(group, sources)));
  const byJob = new Map(built.flat());
  return jobs.map((job) => byJob.get(job)!);
}

/** In one build those that do not disturb each other; where one fails, each alone, so that each says its own errors. */
async function buildGroup(jobs: Job[], sources: Sources): Promise<[Job, Built | Failed][]> {
  const together = await buildTogether(jobs, sources).catch(failed);
  if (jobs.length === 1) return [[jobs[0]!, "errors" in together ? together : together[0]!]];
  const { warm: _, ...cold } = sources;
  const made = jobs.map(async (job, n): Promise<[Job, Built | Failed]> => {
    const one = "errors" in together ? undefined : together[n];
    return one === undefined ? (await buildGroup([job], cold))[0]! : [job, one];
  });
  return Promise.all(made);
}

function failed(error: Error & Partial<Failed>): Failed {
  if (error.errors === undefined) throw error;
  return { errors: error.errors };
}

/** `undefined` for a job that others disturb: it has to be built alone. Rejects with esbuild's errors. */
async function buildTogether(jobs: Job[], sources: Sources): Promise<(Built | undefined)[]> {
  const sideEffects: SideEffects = new Map(jobs.map((job) => [job, new Map()]));
  const { root } = sources;
  const options: Options = {
    entryPoints: jobs.map((_, n) => ({ in: entryOf(n), out: `${n}` })),
    absWorkingDir: root,
    outdir: root,
    outExtension: { ".js": ".mjs" },
    write: false,
    bundle: true,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node24",
    charset: "utf8",
    keepNames: true,
    treeShaking: true,
    sourcemap: "external",
    sourcesContent: false,
    mainFields: ["module", "main"],
    define: {
      __dirname: "import.meta.dirname",
      __filename: "import.meta.filename",
      // What its process hands over stays out (`model/encoder.ts`).
      "import.meta.repriseStep": "true",
    },
    conditions: [...sources.conditions, "module"],
    external: jobs[0]!.outside.flatMap((name) => [name, `${name}/*`]),
    loader: { ".node": "empty" },
    logLevel: "silent",
  };
  const round = { jobs, sources, sideEffects };
  const { outputFiles, metafile } = sources.warm
    ? await sources.warm.build(options, round)
    : await esbuild.build({ ...options, plugins: [modules(() => round)] });
  const text = (name: string) => outputFiles.find(({ path }) => path === join(root, name))!.text;
  const built = jobs.map((_, n): Built => {
    const inputs = inputsOf(metafile, `${n}.mjs`);
    const names = new Map(inputs.map((input) => [input, own(input)]));
    return {
      ...portable(text(`${n}.mjs`), text(`${n}.mjs.map`), names, root),
      inputs: inputs.map((input) => resolve(root, own(input))),
      imports: metafile.outputs[`${n}.mjs`]!.imports.flatMap(({ path, external }) => (external ? [path] : [])),
    };
  });
  const disturbed = disturbedBy(sideEffects, jobs, built);
  return built.map((one, n) => (disturbed.has(jobs[n]!) ? undefined : one));
}

/** The modules that an output was made of, and all that they import, used or not. */
function inputsOf({ inputs, outputs }: Metafile, output: string): string[] {
  const entry = outputs[output]!.entryPoint!;
  const found = new Set([entry]);
  // The set grows under the loop, which goes on to what was added.
  for (const path of found)
    for (const { path: imported, external } of inputs[path]!.imports)
      if (!external && imported in inputs) found.add(imported);
  found.delete(entry);
  return [...found];
}

/**
 * The bundler asks once for a module whether it stays where nothing of it is used. Where jobs that reach the module would answer otherwise, none of them
 * can be built with the others.
 */
function disturbedBy(sideEffects: SideEffects, jobs: Job[], built: Built[]): Set<Job> {
  const disturbed = new Set<Job>();
  const asked = new Set([...sideEffects.values()].flatMap((answers) => [...answers.keys()]));
  for (const path of asked) {
    const reaching = jobs.filter((_, n) => built[n]!.inputs.includes(path));
    const answers = new Set(reaching.map((job) => [...(sideEffects.get(job)!.get(path) ?? [])].sort().join()));
    if (answers.size > 1) for (const job of reaching) disturbed.add(job);
  }
  return disturbed;
}
