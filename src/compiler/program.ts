/** Programs that share what they have in common: declarations of libraries and packages are parsed and bound once in a process. */
import { existsSync, statSync } from "node:fs";
import { Project, ts } from "ts-morph";
import { resolutionFiles } from "./cache.ts";
import { isOverflow } from "./nesting.ts";
import type { Warm } from "./warm.ts";

/**
 * `unreadable` hears of a file whose nesting exhausts the parser's stack; it counts as empty then. `warm`: what an earlier program of the same
 * file has left; files that are as they were are taken from it, parsed and bound, and so is where their imports lead.
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
  const parse: typeof read = (name, how, ...rest) => {
    try {
      return read(name, isDeclaration(name) && typeof how === "object" ? { ...how, ...unread } : how, ...rest);
    } catch (error) {
      if (!isOverflow(error)) throw error;
      unreadable(name);
      return ts.createSourceFile(name, "", how);
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
    if (!isDeclaration(name)) return unchanged(same?.getSourceFile(name)) ?? parse(name, ...how);
    const version = versionOf(name);
    const known = shared.declarations.get(name);
    if (known !== undefined && known.version === version) return known.source;
    const source = parse(name, ...how);
    if (source !== undefined) shared.declarations.set(name, { version, source });
    return source;
  };
  if (warm === undefined) return ts.createProgram({ rootNames, options, host });
  const resolution = resolutionFiles(rootNames[0]!).map(versionOf).join();
  const leadsWhereItDid = warm.resolution === resolution && !hasCome(warm.missing);
  if (!leadsWhereItDid) warm.era += 1;
  const missing = new Set(leadsWhereItDid ? warm.missing : []);
  noteMissing(host, missing);
  const program = ts.createProgram({ rootNames, options, host, ...(leadsWhereItDid && same && { oldProgram: same }) });
  Object.assign(warm, { program, missing, resolution });
  return program;
}

const isDeclaration = (path: string) => /\.d\.[cm]?ts$/.test(path);

/** Comments of declarations decide over no type. */
const unread = { jsDocParsingMode: ts.JSDocParsingMode.ParseNone };

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

/** Of packages it is said by the list of those that are installed. */
function hasCome(missing: Set<string>): boolean {
  return [...missing].some((path) => !path.includes("/node_modules/") && existsSync(path));
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
