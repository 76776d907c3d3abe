/** The pipelines of a file: those that it declares at its top level, and those that it exports from elsewhere. */
import { ts } from "ts-morph";
import type { Context } from "./context.ts";
import { type Declared, declarationsOf, ownName } from "./declarations.ts";
import type { OptionSource } from "./dsl.ts";
import { type FoundGraph, findGraphs } from "./graph/find.ts";
import { readName, sourcesOf } from "./options.ts";
import { relativePath } from "./problem.ts";
import { rules } from "./rules.ts";
import { resolved } from "./symbols.ts";

export type FoundPipeline = {
  name: string;
  /** The name of the export; absent where it is not exported. */
  export?: string;
  declared: Declared;
  options: OptionSource[];
};

/** In source order, then those from other files in the order of their exports; then graphs that a program puts together. */
export function findPipelines(entry: ts.SourceFile, context: Context): (FoundPipeline | FoundGraph)[] {
  const exports = exportsOf(entry, context);
  const declared = [entry, ...new Set([...exports.keys()].map((call) => call.getSourceFile()))]
    .filter((source, i, all) => all.indexOf(source) === i)
    .flatMap((source) => declarationsOf(source, context.dsl))
    .filter(({ kind, call }) => kind === "pipeline" && (call.getSourceFile() === entry || exports.has(call)));
  const written = declared.map((found) => {
    const exported = exports.get(found.call);
    return { ...pipelineOf(found, context), ...(exported && { export: exported }) };
  });
  return [...written, ...findGraphs(entry, context)];
}

export function pipelineOf(declared: Declared, context: Context): FoundPipeline {
  const name = ownName(declared) as string;
  const role = { kind: "pipeline", what: `the pipeline "${name}"` } as const;
  const options = [...declared.chain, ...sourcesOf(declared.given, role, context)];
  return { name: readName(options, role, context) ?? name, declared, options };
}

/** The wanted one, by its name or its export; else the default export, else the only one; else a problem, and `undefined`. */
export function choosePipeline(
  entry: ts.SourceFile,
  wanted: string | undefined,
  context: Context,
): FoundPipeline | FoundGraph | undefined {
  const found = findPipelines(entry, context);
  const file = relativePath(context.root, entry.fileName);
  const pipelines = found.map(({ name }) => `"${name}"`).join(", ");
  const report = (rule: (typeof rules)[keyof typeof rules], details = {}) =>
    context.problems.reportAt(
      rule,
      { file: entry.fileName, text: entry.text, start: 0, end: 1 },
      { file, pipelines, ...details },
    );

  if (found.length === 0) report(rules.noPipeline);
  else if (wanted !== undefined) {
    const chosen =
      found.find(({ name }) => name === wanted) ??
      found.find((pipeline) => pipeline.export === wanted) ??
      onlyUnnamed(found);
    if (chosen === undefined) report(rules.unknownPipeline, { wanted });
    return chosen;
  } else {
    const chosen =
      found.find((pipeline) => pipeline.export === "default") ?? (found.length === 1 ? found[0] : undefined);
    if (chosen === undefined) report(rules.manyPipelines);
    return chosen;
  }
  return undefined;
}

/** A graph whose name only its program knows may be the one. */
function onlyUnnamed(found: (FoundPipeline | FoundGraph)[]): FoundGraph | undefined {
  const unnamed = found.filter((pipeline) => "graph" in pipeline).filter(({ isNamed }) => !isNamed);
  return unnamed.length === 1 ? unnamed[0] : undefined;
}

/** The calls and decorators that make what the file exports → the name of the export; `default` wins over another name. */
function exportsOf(entry: ts.SourceFile, { checker, dsl }: Context): Map<Declared["call"], string> {
  const module = checker.getSymbolAtLocation(entry);
  const found = new Map<Declared["call"], string>();
  for (const symbol of module ? checker.getExportsOfModule(module) : []) {
    const declaration = resolved(checker, symbol).declarations?.[0];
    const expression =
      declaration &&
      (ts.isExportAssignment(declaration)
        ? declaration.expression
        : ts.isVariableDeclaration(declaration)
          ? declaration.initializer
          : undefined);
    const exported =
      declaration && ts.isClassDeclaration(declaration)
        ? dsl.decoratedClass(declaration)
        : expression && dsl.wrapper(expression);
    const call = exported?.call;
    if (call && found.get(call) !== "default") found.set(call, symbol.name);
  }
  return found;
}
