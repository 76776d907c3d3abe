/** Programs that share what they have in common: declarations of libraries and packages are parsed and bound once in a process. */
import { statSync } from "node:fs";
import { Project, ts } from "ts-morph";
import { isOverflow } from "./nesting.ts";
import type { Warm } from "./warm.ts";

/**
 * `unreadable` hears of a file whose nesting exhausts the parser's stack; it counts as empty then. `warm`: what an earlier program of the same
 * file has left; files that are as they were are taken from it, parsed and bound.
 */
export function createProgram(
  rootNames: string[],
  options: ts.CompilerOptions,
  unreadable: (file: string) => void,
  warm?: Warm,
): ts.Program {
  const host = ts.createCompilerHost(options);
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseForTypeErrors;
  const read = host.getSourceFile.bind(host);
  const parse: typeof read = (name, version, ...how) => {
    try {
      return read(name, version, ...how);
    } catch (error) {
      if (!isOverflow(error)) throw error;
      unreadable(name);
      return ts.createSourceFile(name, "", version);
    }
  };
  const shared = sharedFor(options);
  // What was made under other options is another program's.
  const before = warm?.program;
  const same = JSON.stringify(before?.getCompilerOptions()) === JSON.stringify(options) ? before : undefined;
  host.getDefaultLibLocation = () => libFolder;
  host.getDefaultLibFileName = () => `${libFolder}/lib.d.ts`;
  host.getSourceFile = (name, ...how) => {
    const library = shared.libraries.get(name);
    if (library !== undefined) return library;
    if (!/\.d\.[cm]?ts$/.test(name)) return unchanged(same?.getSourceFile(name)) ?? parse(name, ...how);
    const version = versionOf(name);
    const known = shared.declarations.get(name);
    if (known !== undefined && known.version === version) return known.source;
    const source = parse(name, ...how);
    if (source !== undefined) shared.declarations.set(name, { version, source });
    return source;
  };
  const missing = new Set<string>();
  if (warm) noteMissing(host, missing);
  const program = ts.createProgram({ rootNames, options, host });
  if (warm) Object.assign(warm, { program, missing });
  return program;
}

/** What was looked for and is not there: it would change the program. */
function noteMissing(host: ts.CompilerHost, missing: Set<string>): void {
  for (const name of ["fileExists", "directoryExists"] as const) {
    const isThere = host[name]!.bind(host);
    host[name] = (path) => {
      const found = isThere(path);
      if (!found) missing.add(path);
      return found;
    };
  }
}

/** Where ts-morph keeps TypeScript's own libraries, in memory. */
const libFolder = "/node_modules/typescript/lib";

type Shared = {
  libraries: Map<string, ts.SourceFile>;
  declarations: Map<string, { version: string; source: ts.SourceFile }>;
};

/** A file can be shared between programs of the same options only. */
const byOptions = new Map<string, Shared>();

function sharedFor(options: ts.CompilerOptions): Shared {
  const key = JSON.stringify(options);
  const shared = byOptions.get(key) ?? { libraries: librariesOf(options), declarations: new Map() };
  byOptions.set(key, shared);
  return shared;
}

/** ts-morph gives its libraries to its own projects only: an empty one is asked for them. */
function librariesOf(options: ts.CompilerOptions): Map<string, ts.SourceFile> {
  const project = new Project({ useInMemoryFileSystem: true, compilerOptions: { ...options, types: [] } });
  project.createSourceFile("empty.ts", "");
  const sources = project.getProgram().compilerObject.getSourceFiles();
  return new Map(
    sources.filter(({ isDeclarationFile }) => isDeclarationFile).map((source) => [source.fileName, source]),
  );
}

/** By its text: an author's file may be written twice within what clocks tell apart. */
function unchanged(source: ts.SourceFile | undefined): ts.SourceFile | undefined {
  return source && ts.sys.readFile(source.fileName) === source.text ? source : undefined;
}

function versionOf(path: string): string {
  const { mtimeMs = 0, size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs} ${size}`;
}
