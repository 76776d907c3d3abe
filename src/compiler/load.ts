/**
 * Loads the author's file with all that it imports, typed. Only what a pipeline needs is loaded: no DOM, no ambient types but Node's and
 * those that the author's tsconfig.json asks for.
 */
import { createRequire } from "node:module";
import { dirname, join, resolve, sep } from "node:path";
import { ts } from "ts-morph";
import { nearest, projectFolder } from "./folders.ts";
import { nestingError, reportDeepFile } from "./nesting.ts";
import { type Problems, spotOf } from "./problem.ts";
import { createProgram } from "./program.ts";
import { typescriptRule } from "./rules.ts";
import { symbolOf, unwrap, variableOf } from "./symbols.ts";
import type { Warm } from "./warm.ts";

export type Loaded = {
  program: ts.Program;
  checker: ts.TypeChecker;
  entry: ts.SourceFile;
  /** The author's own sources among the program's files, in the program's order: no declarations, no packages. */
  owned: ts.SourceFile[];
  /** The module `reprise`, where any of them imports it. */
  dsl: ts.Symbol | undefined;
  /** Export conditions of the author's tsconfig.json. */
  conditions: string[];
  /** The configuration files that were read, or would be read if they existed. */
  configs: string[];
};

/** `file` is absolute and exists. `warm`: what an earlier load has left. */
export function load(file: string, problems: Problems, warm?: Warm): Loaded {
  const config = readConfig(file, problems);
  if (warm) warm.configs = config.files;
  const roots = [file, ...config.declarations, ...(config.saysTypes ? [] : nodeTypes(file))];
  const unreadable = (name: string) => reportDeepFile(name, problems);
  const program = createProgram(roots, { ...config.options, ...overrides }, unreadable, warm);
  problems.throwIfAny();
  const written = program.getSourceFiles().filter((source) => isWritten(program, source));
  const checker = checkerOf(program, written, problems);
  const entry = program.getSourceFile(file) as ts.SourceFile;
  const dsl = dslModule(checker, written);
  const ours = isOurs(dsl);
  const owned = written.filter((source) => !ours(source));
  return {
    program,
    checker,
    entry,
    owned,
    dsl,
    conditions: config.options.customConditions ?? [],
    configs: config.files,
  };
}

/** To make a checker is to go through every file once. */
function checkerOf(program: ts.Program, written: ts.SourceFile[], problems: Problems): ts.TypeChecker {
  try {
    return program.getTypeChecker();
  } catch (error) {
    throw nestingError(error, written, problems) ?? error;
  }
}

/** TypeScript's errors in the author's own files become problems, except where a problem says the same in our words. */
export function reportTypeErrors({ program, checker, owned }: Loaded, problems: Problems): void {
  for (const source of owned)
    for (const diagnostic of [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)])
      if (diagnostic.category === ts.DiagnosticCategory.Error && !isConsequence(diagnostic, checker, problems))
        reportDiagnostic(diagnostic, problems);
}

/** Where a step is called whose declaration has a problem: it has no type then, or the wrong one. */
function isConsequence({ file, start }: ts.Diagnostic, checker: ts.TypeChecker, problems: Problems): boolean {
  const name = file && start !== undefined ? nameAt(file, start) : undefined;
  const declared = name && variableOf(symbolOf(checker, name))?.initializer;
  return declared !== undefined && ts.isCallExpression(unwrap(declared)) && problems.covers(spotOf(declared));
}

function nameAt(node: ts.Node, start: number): ts.Identifier | undefined {
  if (ts.isIdentifier(node)) return node;
  return ts.forEachChild(node, (child) =>
    child.getStart() <= start && start < child.end ? nameAt(child, start) : undefined,
  );
}

/** Syntax errors make everything after them guesswork. */
export function reportSyntaxErrors({ program, owned }: Loaded, problems: Problems): void {
  for (const source of owned)
    for (const diagnostic of program.getSyntacticDiagnostics(source)) reportDiagnostic(diagnostic, problems);
}

const standard: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  lib: ["lib.es2024.d.ts", "lib.esnext.disposable.d.ts"],
  strict: true,
  types: [],
};

/** Imports lead where the bundler follows them. Nothing is emitted, and unused names do not keep a pipeline from running. */
const overrides: ts.CompilerOptions = {
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  resolveJsonModule: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  composite: false,
  incremental: false,
  declaration: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
};

/** `saysTypes`: it has a `types` of its own, perhaps an empty one. */
type Config = { options: ts.CompilerOptions; saysTypes: boolean; declarations: string[]; files: string[] };

/** The nearest tsconfig.json above the file; of its files only declarations are loaded: what the file imports, it imports. */
function readConfig(file: string, problems: Problems): Config {
  const found = nearest(dirname(file), "tsconfig.json");
  if (found.path === undefined) return { options: standard, saysTypes: false, declarations: [], files: found.looked };
  const source = ts.readJsonConfigFile(found.path, ts.sys.readFile);
  const read: string[] = [];
  const host: ts.ParseConfigHost = {
    ...ts.sys,
    readFile: (path) => {
      read.push(path);
      return ts.sys.readFile(path);
    },
    readDirectory: (root, _extensions, exclude, include, depth) =>
      ts.sys.readDirectory(root, [".d.ts", ".d.mts"], exclude, include, depth),
  };
  // Given its path, it is from there that `types` are looked for, and not from where the compiler was started.
  const parsed = ts.parseJsonSourceFileConfigFileContent(source, host, dirname(found.path), undefined, found.path);
  const noInputs = 18003;
  for (const error of parsed.errors)
    if (error.code !== noInputs) reportDiagnostic({ ...error, file: error.file ?? source }, problems);
  const options = { ...standard, ...parsed.options };
  if (parsed.options.module !== undefined && parsed.options.moduleResolution === undefined)
    delete options.moduleResolution;
  const declarations = parsed.fileNames.filter((name) => /\.d\.m?ts$/.test(name));
  const saysTypes = parsed.options.types !== undefined;
  return { options, saysTypes, declarations, files: [...found.looked, found.path, ...read] };
}

/** Steps run on Node: where the author does not say otherwise, its types are there, the author's own or else ours. */
function nodeTypes(file: string): string[] {
  for (const from of [file, import.meta.filename])
    try {
      return [join(dirname(createRequire(from).resolve("@types/node/package.json")), "index.d.ts")];
    } catch {
      // Not installed there.
    }
  return [];
}

function isWritten(program: ts.Program, source: ts.SourceFile): boolean {
  return (
    !source.isDeclarationFile &&
    !program.isSourceFileFromExternalLibrary(source) &&
    !source.fileName.includes("/node_modules/") &&
    !source.fileName.endsWith(".json")
  );
}

function dslModule(checker: ts.TypeChecker, sources: ts.SourceFile[]): ts.Symbol | undefined {
  for (const source of sources)
    for (const statement of source.statements) {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
      const specifier = statement.moduleSpecifier;
      if (specifier === undefined || !ts.isStringLiteral(specifier) || specifier.text !== "reprise") continue;
      const module = checker.getSymbolAtLocation(specifier);
      if (module !== undefined) return module;
    }
  return undefined;
}

/** A checkout of reprise itself is seen as source; what it declares is no author's. */
function isOurs(dsl: ts.Symbol | undefined): (source: ts.SourceFile) => boolean {
  const index = dsl?.declarations?.[0]?.getSourceFile().fileName;
  if (index === undefined) return () => false;
  const home = projectFolder(index);
  return ({ fileName }) =>
    [join(home, "src"), join(home, "dist")].some((folder) => resolve(fileName).startsWith(folder + sep));
}

function reportDiagnostic(diagnostic: ts.Diagnostic, problems: Problems): void {
  if (diagnostic.file === undefined) return;
  const { fileName, text } = diagnostic.file;
  const start = diagnostic.start ?? 0;
  const spot = { file: fileName.split("/").join(sep), text, start, end: start + (diagnostic.length ?? 1) };
  if (problems.covers(spot)) return;
  problems.reportAt(typescriptRule(diagnostic.code), spot, {
    text: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"),
  });
}
