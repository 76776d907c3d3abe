/**
 * Bundles a step, or a script: one ES module for Node that holds all that it needs, packages included. The bytes depend on the sources alone, not
 * on the folder that they lie in.
 */
import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Message, OutputFile, Plugin } from "esbuild";
import * as esbuild from "esbuild";
import { ts } from "ts-morph";
import type { Bundle } from "../model/bundle.ts";
import type { NamedPackage } from "../model/packages.ts";
import { authoredText } from "./authored.ts";
import { bare, bareExport, bareModule } from "./bare.ts";
import type { Context } from "./context.ts";
import { type DataFiles, ownFolderUses } from "./data-files.ts";
import type { Declared } from "./declarations.ts";
import { type Edit, edited } from "./edits.ts";
import { addonPackages, packageOf, type Versions, versionsOf } from "./packages.ts";
import { type Portable, portable } from "./portable.ts";
import { relativePath } from "./problem.ts";
import { rules } from "./rules.ts";

export type Bundled = {
  bundle: Bundle;
  /** The name that the bundle exports the function as. */
  export: string;
  /** Absolute paths of all that went in. */
  files: string[];
};

/** What the bundles of one pipeline share. */
export type Sources = { owned: ts.SourceFile[]; data: DataFiles; conditions: string[] };

/** Starts the bundler's process, so that it is there when the first step is to be bundled. */
export function startBundler(): void {
  void esbuild.transform("");
}

/** `what`: `the step "fit"`. `packages`: those that it names. */
export type StepSource = { step: Declared; what: string; packages: readonly NamedPackage[] };

/** `undefined` after a problem. */
export async function bundleStep(
  { step, what, packages }: StepSource,
  sources: Sources,
  context: Context,
): Promise<Bundled | undefined> {
  const name = exportName(step.variable);
  const contents = `export { ${bareExport(step)} as ${name} } from ${JSON.stringify(bareModule(step).fileName)};`;
  const edits = (source: ts.SourceFile) => bare(source, step, context);
  const source = authoredText(step);
  const entry = { contents, edits, source, at: step.call.expression, what, named: packages, provided: [] };
  const made = await bundleEntry(entry, sources, context);
  return made && { ...made, export: name };
}

/** The script as it is, which runs when it is imported. The DSL stays outside: whoever runs the script provides it. `undefined` after a problem. */
export async function bundleScript(
  entry: ts.SourceFile,
  sources: Sources,
  context: Context,
): Promise<Omit<Bundled, "export"> | undefined> {
  const contents = `import ${JSON.stringify(entry.fileName)};`;
  const what = `the script "${relativePath(context.root, entry.fileName)}"`;
  return bundleEntry(
    { contents, edits: () => [], source: entry.text, at: entry, what, named: [], provided: ["reprise"] },
    sources,
    context,
  );
}

/** `edits`: what is changed in the author's modules. `source`: what its author wrote, for people. `at`: where a problem without a place is shown. `named`: packages that stay outside as it wishes. `provided`: packages that are there wherever it runs. */
type Entry = {
  contents: string;
  edits(source: ts.SourceFile): Edit[];
  source: string;
  at: ts.Node;
  what: string;
  named: readonly NamedPackage[];
  provided: string[];
};

async function bundleEntry(
  entry: Entry,
  sources: Sources,
  context: Context,
): Promise<Omit<Bundled, "export"> | undefined> {
  const always = [...entry.named.map(({ name }) => name), ...entry.provided];
  const bundleWithout = (addons: string[]) => build({ ...entry, outside: [...addons, ...always] }, sources, context);
  const first = await bundleWithout([]);
  if (first === undefined) return undefined;
  const addons = addonPackages(first.inputs);
  const built = addons.length === 0 ? first : await bundleWithout(addons);
  if (built === undefined) return undefined;
  const outside = packagesOutside(entry, addons, first.inputs, built, context);
  if (outside === undefined) return undefined;

  reportOwnFolder(built, sources.owned, context);
  sources.data.reportMissing(built.code, context);
  const files = sources.data.in(built.code);
  const bundle: Bundle = {
    code: built.code,
    map: built.map,
    source: entry.source,
    ...(Object.keys(files.bundled).length > 0 && { files: files.bundled }),
    ...(Object.keys(outside.versions).length > 0 && { packages: outside.versions }),
  };
  return { bundle, files: [...built.inputs, ...files.paths, ...outside.manifests] };
}

/** Those that the step names, and those with addons that its code still asks for: an addon may have been all that another one asked for. */
function packagesOutside(
  { named, at, what }: Entry,
  addons: string[],
  inputs: string[],
  { imports }: Built,
  { problems }: Context,
): Versions | undefined {
  const asked = new Set(imports.map(packageOf));
  const found = addons.filter((name) => asked.has(name) && named.every((other) => other.name !== name));
  const wanted = [...named, ...found.map((name) => ({ name }))];
  const result = versionsOf(wanted, inputs, dirname(at.getSourceFile().fileName));
  if ("versions" in result) return result;
  problems.report(rules.bundleFailed, at, { what, reason: result.reason });
  return undefined;
}

/** A module that exports a `then` cannot be imported: it would be taken for a promise. */
const exportName = (variable = "default") => (variable === "then" ? "then_" : variable);

/** `imports`: what is imported from outside. */
type Built = Portable & { inputs: string[]; imports: string[] };

/** `outside`: the packages that stay out. */
type Job = Entry & { outside: string[] };

async function build(job: Job, sources: Sources, context: Context): Promise<Built | undefined> {
  const { contents, outside } = job;
  const { root } = context;
  try {
    const { outputFiles, metafile } = await esbuild.build({
      stdin: {
        contents,
        resolveDir: root,
        sourcefile: "step",
      },
      absWorkingDir: root,
      outfile: join(root, "step.mjs"),
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
      define: { __dirname: "import.meta.dirname", __filename: "import.meta.filename" },
      conditions: [...sources.conditions, "module"],
      external: outside.flatMap((name) => [name, `${name}/*`]),
      loader: { ".node": "empty" },
      logLevel: "silent",
      plugins: [modules(job, sources)],
    });
    const inputs = Object.keys(metafile.inputs).filter((path) => path !== "<stdin>" && path !== "step");
    const text = (suffix: string) => (outputFiles.find(({ path }) => path.endsWith(suffix)) as OutputFile).text;
    return {
      ...portable(text(".mjs"), text(".map"), inputs, root),
      inputs: inputs.map((path) => resolve(root, path)),
      imports: Object.values(metafile.outputs).flatMap(({ imports }) =>
        imports.flatMap(({ path, external }) => (external ? [path] : [])),
      ),
    };
  } catch (error) {
    const { errors } = error as { errors?: Message[] };
    if (errors === undefined) throw error;
    for (const message of errors) report(message, job, context);
    return undefined;
  }
}

/**
 * Hands the author's modules to the bundler with their edits (the step laid bare), and every module with the addresses of its data files. A package stays out where
 * the step uses nothing of it, as if the step's own code had been alone in its module; `import "package"` alone keeps it.
 */
function modules(job: Job, { owned, data }: Sources): Plugin {
  const sources = new Map(owned.map((source) => [resolve(source.fileName), source]));
  const resolving = Symbol("resolving");
  return {
    name: "reprise",
    setup(build) {
      build.onResolve(
        { filter: /^[^./]/ },
        async ({ path, importer, resolveDir, kind, with: attributes, pluginData }) => {
          const source = sources.get(importer);
          if (pluginData === resolving || source === undefined || importsForEffect(source, path)) return undefined;
          const found = await build.resolve(path, {
            importer,
            resolveDir,
            kind,
            with: attributes,
            pluginData: resolving,
          });
          return { ...found, sideEffects: false };
        },
      );
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, ({ path }) => {
        const source = sources.get(path);
        const text = source?.text ?? readFileSync(path, "utf8");
        const edits = source ? [...job.edits(source), ...data.edits(source)] : data.packageEdits(path, text);
        return edits.length === 0 ? undefined : { contents: edited(text, edits), loader: loaderOf(path) };
      });
    },
  };
}

function importsForEffect(source: ts.SourceFile, specifier: string): boolean {
  return source.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) &&
      statement.importClause === undefined &&
      (statement.moduleSpecifier as ts.StringLiteral).text === specifier,
  );
}

function loaderOf(path: string): "ts" | "tsx" | "js" | "jsx" {
  const [, kind = "js"] = /\.[cm]?([jt]sx?)$/.exec(basename(path)) ?? [];
  return kind as "ts" | "tsx" | "js" | "jsx";
}

/** The files beside a module are not there where its step runs; the bundle says whether the code that asks for them went in. */
function reportOwnFolder({ code, inputs }: Built, owned: ts.SourceFile[], { problems }: Context): void {
  if (!code.includes("import.meta.dirname")) return;
  for (const source of owned)
    if (inputs.includes(resolve(source.fileName)))
      for (const use of ownFolderUses(source))
        problems.report(rules.ownFolder, use, { expression: use.getText(source) });
}

function report({ text, location }: Message, { at, what }: Job, { problems, root, program }: Context): void {
  const reason = text.replace(/\.$/, "");
  const source = location && program.getSourceFile(resolve(root, location.file));
  if (!location || !source || location.line > source.getLineStarts().length) {
    const where = location ? `${location.file}:${location.line}: ` : "";
    return problems.report(rules.bundleFailed, at, { what, reason: `${where}${reason}` });
  }
  const line = source.getPositionOfLineAndCharacter(location.line - 1, 0);
  // The bundler counts bytes.
  const start = line + Buffer.from(location.lineText).subarray(0, location.column).toString().length;
  const spot = { file: source.fileName, text: source.text, start, end: start + location.length };
  // What is wrong there was said already, by us or by TypeScript.
  if (!problems.covers(spot)) problems.reportAt(rules.bundleFailed, spot, { what, reason });
}
