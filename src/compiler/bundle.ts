/**
 * Bundles steps, or a script: each becomes one ES module for Node that holds all that it needs, packages included. The bytes depend on its own sources
 * alone, not on the folder that they lie in.
 */
import { dirname, resolve } from "node:path";
import type { Message } from "esbuild";
import type { ts } from "ts-morph";
import type { Bundle } from "../model/bundle.ts";
import type { NamedPackage } from "../model/packages.ts";
import { authoredText } from "./authored.ts";
import { bare, bareExport, bareModule } from "./bare.ts";
import { type Built, build, type Job, type Sources } from "./build.ts";
import type { Context } from "./context.ts";
import { ownFolderUses } from "./data-files.ts";
import type { Declared } from "./declarations.ts";
import { addonPackages, packageOf, type Versions, versionsOf } from "./packages.ts";
import { relativePath } from "./problem.ts";
import { rules } from "./rules.ts";

export type Bundled = {
  bundle: Bundle;
  /** The name that the bundle exports the function as. */
  export: string;
  /** Absolute paths of all that went in. */
  files: string[];
};

/** A step to be bundled. `what`: `the step "fit"`. `packages`: those that it names. */
export type StepSource = { step: Declared; what: string; packages: readonly NamedPackage[] };

/** In the order of the steps; `undefined` after a problem. */
export async function bundleSteps(
  steps: StepSource[],
  sources: Sources,
  context: Context,
): Promise<(Bundled | undefined)[]> {
  const entries = steps.map(({ step, what, packages: named }): Entry => {
    const contents = `export { ${bareExport(step)} as ${exportName(step)} } from ${JSON.stringify(bareModule(step).fileName)};`;
    const edits = (source: ts.SourceFile) => bare(source, step, context);
    const outside = named.map(({ name }) => name);
    return { contents, edits, named, outside, source: authoredText(step), at: step.call.expression, what };
  });
  const bundles = await bundleEntries(entries, sources, context);
  return bundles.map((made, n) => made && { ...made, export: exportName(steps[n]!.step) });
}

/** The script as it is, which runs when it is imported. The DSL stays outside: whoever runs the script provides it. `undefined` after a problem. */
export async function bundleScript(
  entry: ts.SourceFile,
  sources: Sources,
  context: Context,
): Promise<Omit<Bundled, "export"> | undefined> {
  const contents = `import ${JSON.stringify(entry.fileName)};`;
  const what = `the script "${relativePath(context.root, entry.fileName)}"`;
  const { text: source } = entry;
  const script: Entry = { contents, edits: () => [], named: [], outside: ["reprise"], source, at: entry, what };
  const [bundle] = await bundleEntries([script], sources, context);
  return bundle;
}

/** A module that exports a `then` cannot be imported: it would be taken for a promise. */
const exportName = ({ variable = "default" }: Declared) => (variable === "then" ? "then_" : variable);

/** `source`: what its author wrote, for people. `at`: where a problem without a place is shown. `named`: packages that stay outside as it wishes. */
type Entry = Job & { source: string; at: ts.Node; what: string; named: readonly NamedPackage[] };

/** Which packages have to stay out is known when they have been found: what needs them is built once more, without them. */
async function bundleEntries(
  entries: Entry[],
  sources: Sources,
  context: Context,
): Promise<(Omit<Bundled, "export"> | undefined)[]> {
  const first = await buildOrReport(entries, sources, context);
  const addons = first.map((built) => addonPackages(built?.inputs ?? []));
  const needy = entries.filter((_, n) => addons[n]!.length > 0);
  const without = needy.map((entry) => ({ ...entry, outside: [...addons[entries.indexOf(entry)]!, ...entry.outside] }));
  const second = await buildOrReport(without, sources, context);
  return entries.map((entry, n) => {
    const [found, again] = [first[n], needy.indexOf(entry)];
    const built = again === -1 ? found : second[again];
    const outside = found && built && packagesOutside(entry, addons[n]!, found.inputs, built, context);
    return built && outside && bundleOf({ ...built, source: entry.source }, outside, sources, context);
  });
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

function bundleOf(
  built: Built & Pick<Entry, "source">,
  { versions, manifests }: Versions,
  { owned, data }: Sources,
  context: Context,
): Omit<Bundled, "export"> {
  reportOwnFolder(built, owned, context);
  data.reportMissing(built.code, context);
  const files = data.in(built.code);
  const bundle: Bundle = {
    code: built.code,
    map: built.map,
    source: built.source,
    ...(Object.keys(files.bundled).length > 0 && { files: files.bundled }),
    ...(Object.keys(versions).length > 0 && { packages: versions }),
  };
  return { bundle, files: [...built.inputs, ...files.paths, ...manifests] };
}

async function buildOrReport(entries: Entry[], sources: Sources, context: Context): Promise<(Built | undefined)[]> {
  const built = await build(entries, sources);
  return built.map((made, n) => {
    if (!("errors" in made)) return made;
    for (const message of made.errors) report(message, entries[n]!, context);
    return undefined;
  });
}

/** The files beside a module are not there where its step runs; the bundle says whether the code that asks for them went in. */
function reportOwnFolder({ code, inputs }: Built, owned: ts.SourceFile[], { problems }: Context): void {
  if (!code.includes("import.meta.dirname")) return;
  for (const source of owned)
    if (inputs.includes(resolve(source.fileName)))
      for (const use of ownFolderUses(source))
        problems.report(rules.ownFolder, use, { expression: use.getText(source) });
}

function report({ text, location }: Message, { at, what }: Entry, { problems, root, program }: Context): void {
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
