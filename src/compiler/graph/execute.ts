/**
 * Puts a graph together by running the author's module, in a process of its own. The module is bundled from the author's sources, so that it runs wherever it
 * would be compiled; packages are imported from where they are installed.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";
import * as esbuild from "esbuild";
import { ts } from "ts-morph";
import { formatDuration } from "../../model/duration.ts";
import type { Context } from "../context.ts";
import { type Edit, edited, insertion } from "../edits.ts";
import type { Loaded } from "../load.ts";
import { rules } from "../rules.ts";
import type { FoundGraph } from "./find.ts";
import { type Executed, type FromChild, mark } from "./protocol.ts";

/** What declares steps and pipelines: a call, or a class. */
export type Declarer = ts.CallExpression | NamedClass;
type NamedClass = ts.ClassDeclaration & { name: ts.Identifier };

/** `declarers`: by the number that marks them. */
export type Together = { executed: Executed; declarers: Declarer[] };

/** `undefined` after a problem. */
export async function execute(found: FoundGraph, loaded: Loaded, context: Context): Promise<Together | undefined> {
  const declarers = loaded.owned.flatMap((source) => declaring(source, context));
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "reprise-graph-")));
  try {
    const outfile = join(folder, "graph.mjs");
    await bundle(found, outfile, declarers, loaded, context.root);
    const told = await run(outfile, context);
    if (told.kind === "graph") return { executed: told.graph, declarers };
    if (told.kind === "failed") report(told, found, loaded, context);
    else {
      const still = `after ${formatDuration(context.graphLimitMs)} it still runs`;
      const reason = told.kind === "running" ? still : "its module awaits what never comes";
      context.problems.report(rules.graphUnfinished, found.graph, { name: found.name, reason });
    }
  } catch (error) {
    const { errors: [first] = [] } = error as { errors?: esbuild.Message[] };
    if (first === undefined) throw error;
    const where = first.location ? `${first.location.file}:${first.location.line}: ` : "";
    report({ message: `${where}${first.text}`, stack: "" }, found, loaded, context);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return undefined;
}

function declaring(source: ts.SourceFile, { dsl }: Context): Declarer[] {
  const found: Declarer[] = source.statements.filter(isNamedClass);
  const visit = (node: ts.Node): void => {
    // Of a decorator, the class says it.
    if (ts.isDecorator(node)) return;
    if (ts.isCallExpression(node) && dsl.wrapper(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isNamedClass(statement: ts.Statement): statement is NamedClass {
  if (!ts.isClassDeclaration(statement) || statement.name === undefined) return false;
  return !statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
}

async function bundle(
  found: FoundGraph,
  outfile: string,
  declarers: Declarer[],
  { owned, entry, conditions }: Loaded,
  root: string,
): Promise<void> {
  await esbuild.build({
    stdin: {
      contents: `export { ${found.export} as graph } from ${JSON.stringify(entry.fileName)};`,
      resolveDir: root,
      sourcefile: "graph",
    },
    absWorkingDir: root,
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    charset: "utf8",
    keepNames: true,
    sourcemap: "inline",
    sourcesContent: false,
    mainFields: ["main"],
    conditions,
    loader: { ".node": "empty" },
    logLevel: "silent",
    plugins: [marked(owned, declarers)],
  });
}

/** The author's modules with every step marked; everything else stays where it is installed. */
function marked(owned: ts.SourceFile[], declarers: Declarer[]): Plugin {
  const sources = new Map(owned.map((source) => [resolve(source.fileName), source]));
  const numbers = new Map(declarers.map((declarer, n) => [declarer, n]));
  const resolving = Symbol("resolving");
  return {
    name: "reprise",
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...asked }) => {
        if (pluginData === resolving) return undefined;
        const found = await build.resolve(path, { ...asked, pluginData: resolving });
        const isInstalled = found.errors.length === 0 && !found.external && !sources.has(found.path);
        return isInstalled ? { path: pathToFileURL(found.path).href, external: true } : found;
      });
      build.onLoad({ filter: /\.[cm]?tsx?$/ }, ({ path }) => {
        const source = sources.get(path);
        if (source === undefined) return undefined;
        const marks = declarers
          .filter((declarer) => declarer.getSourceFile() === source)
          // Behind it: what stands before keeps its line and column.
          .map((declarer) => insertion(declarer.getEnd(), markOf(declarer, numbers.get(declarer)!)));
        const contents = edited(source.text, [...marks, ...ownAddresses(source)]);
        return { contents, loader: path.endsWith("x") ? "tsx" : "ts" };
      });
    },
  };
}

function markOf(declarer: Declarer, n: number): string {
  const own = `[Symbol.for("${mark}")](${n})`;
  return ts.isCallExpression(declarer) ? own : ` ${declarer.name.text}${own};`;
}

/** `import.meta.url` and its like are those of the author's file, not of the bundle. */
function ownAddresses(source: ts.SourceFile): Edit[] {
  const found: Edit[] = [];
  const path = resolve(source.fileName);
  const addresses = new Map([
    ["url", pathToFileURL(path).href],
    ["filename", path],
    ["dirname", resolve(path, "..")],
  ]);
  const visit = (node: ts.Node): void => {
    const address =
      ts.isPropertyAccessExpression(node) && ts.isMetaProperty(node.expression)
        ? addresses.get(node.name.text)
        : undefined;
    if (address === undefined) ts.forEachChild(node, visit);
    else found.push({ start: node.getStart(source), end: node.getEnd(), text: JSON.stringify(address) });
  };
  if (source.text.includes("import.meta")) visit(source);
  return found;
}

/** What the module prints goes to stderr: stdout is for what the compiler gives. `running`: it did when its time was over. */
async function run(path: string, { root, graphLimitMs }: Context): Promise<FromChild | { kind: "running" }> {
  const child = fork(createRequire(import.meta.url).resolve("#graph-process"), [path], {
    cwd: root,
    execArgv: [...process.execArgv, "--enable-source-maps"],
    stdio: ["ignore", process.stderr, process.stderr, "ipc"],
    serialization: "advanced",
  });
  let told: FromChild | { kind: "running" } | undefined;
  const limit = setTimeout(() => {
    told ??= { kind: "running" };
    child.kill("SIGKILL");
  }, graphLimitMs);
  child.on("message", (message: FromChild) => {
    told ??= message;
  });
  const [code] = await once(child, "exit");
  clearTimeout(limit);
  if (told) return told;
  const message = `its program ended with exit code ${code} before the graph was there`;
  return { kind: "failed", message, stack: "" };
}

/** At the author's line from which it came, where the stack says one. */
function report(
  { message, stack }: { message: string; stack: string },
  found: FoundGraph,
  { owned }: Loaded,
  { problems }: Context,
): void {
  const details = { name: found.name, message: message.replace(/\.$/, "") };
  for (const [, path, line, column] of stack.matchAll(/\(?((?:file:\/\/)?\/[^\s():]+):(\d+):(\d+)\)?$/gm)) {
    const source = owned.find(({ fileName }) => path!.endsWith(resolve(fileName)));
    if (source === undefined || Number(line) > source.getLineStarts().length) continue;
    const start = source.getPositionOfLineAndCharacter(Number(line) - 1, 0) + Number(column) - 1;
    const spot = { file: source.fileName, text: source.text, start, end: start + 1 };
    return problems.reportAt(rules.graphFailed, spot, details);
  }
  problems.report(rules.graphFailed, found.graph, details);
}
