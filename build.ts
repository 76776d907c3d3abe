/**
 * The first part of `npm run build`: what Node runs. Started from hundreds of small modules, a program would spend most of its first tenth of a second on
 * finding and reading files; so everything is put into fewer, packages included, in `dist/node`. The second part, by `tsc`, are the types, and
 * what the bundles of steps take from the package: the modules of the DSL as they are (`dist/dsl`), of which each step takes what it uses.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { grouped } from "./build-groups.ts";

const root = import.meta.dirname;
const dist = join(root, "dist");
const folder = join(dist, "node");

/** Doors into one process: each module is in one file only, whichever door it is reached by. */
const doors = {
  dsl: "src/dsl/index.ts",
  compiler: "src/compiler/index.ts",
  runtime: "src/open.ts",
  testing: "src/testing/index.ts",
  vitest: "src/vitest.ts",
  cli: "src/cli/main.ts",
  "script-process": "src/tasks/script.ts",
  "graph-process": "src/compiler/graph/child.ts",
};

/** What a run in its own process needs, by the ways in that are imported when they are needed. */
const heavy = [
  "src/open.ts",
  "src/runtime/store/open.ts",
  "src/runtime/controller/graph/load.ts",
  "src/model/pipeline.ts",
];
/** What is to start with no more than it needs. */
const light = ["src/dsl/index.ts", "src/cli/main.ts", "src/runtime/store/open.ts", "src/runtime/hub/client/open.ts"];

/** Programs of processes and threads that load nothing else of the package: each is one file, and starts the faster. */
const programs = {
  "controller-process": "src/runtime/controller/own-process/child.ts",
  "controller-lifeline": "src/runtime/controller/own-process/lifeline.ts",
  "step-process": "src/runtime/agent/executors/process/worker.ts",
  "last-words-process": "src/runtime/hub/client/last-words-process.ts",
  "command-warden": "src/runtime/agent/executors/command/warden.ts",
  "step-lifeline": "src/runtime/agent/executors/process/lifeline.ts",
};

const options = {
  absWorkingDir: root,
  outdir: folder,
  bundle: true,
  metafile: true,
  format: "esm",
  platform: "node",
  target: "node24",
  // V8 keeps a source with one letter that is not Latin-1 in two bytes a letter.
  charset: "ascii",
  // Stacks name the sources; what these say is not needed to read them.
  sourcemap: "linked",
  sourcesContent: false,
  // They bring programs and files of their own, or are CommonJS that asks for Node's modules.
  external: ["esbuild", "ts-morph", "pino", "prom-client"],
  // For Node rxjs offers CommonJS only, of which nothing can be left out.
  alias: {
    "rxjs/internal": join(root, "node_modules/rxjs/dist/esm/internal"),
    rxjs: join(root, "node_modules/rxjs/dist/esm/index.js"),
  },
  logLevel: "warning",
} satisfies BuildOptions;

// The page in it is built by itself (`web/`).
for (const part of existsSync(dist) ? readdirSync(dist) : [])
  if (part !== "web") rmSync(join(dist, part), { recursive: true, force: true });
const built = await Promise.all([
  build({
    ...options,
    entryPoints: doors,
    splitting: true,
    plugins: [await grouped({ ...options, entryPoints: doors }, heavy, light)],
  }),
  build({ ...options, entryPoints: programs }),
]);
writeFileSync(join(folder, "LICENSES.txt"), licences(built.flatMap(({ metafile }) => Object.keys(metafile.inputs))));
// What was compiled is kept for the compiler that compiled it (`compiler/cache.ts`).
writeFileSync(join(folder, "build-hash"), hashOf(built.flatMap(({ metafile }) => Object.keys(metafile.outputs))));

function hashOf(outputs: string[]): string {
  const hash = createHash("sha256");
  for (const path of outputs.sort()) hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest("hex");
}

/** Of the packages that went in. */
function licences(inputs: string[]): string {
  const packages = new Set(inputs.flatMap((path) => /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
  return [...packages].sort().map(licence).join("\n\n");
}

function licence(path: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(root, path, "package.json"), "utf8"));
  const file = ["LICENSE", "LICENSE.txt", "LICENSE.md", "license"].find((name) => existsSync(join(root, path, name)));
  const text = file === undefined ? "" : `\n\n${readFileSync(join(root, path, file), "utf8").trim()}`;
  return `${name} ${version} (${license})${text}\n`;
}
