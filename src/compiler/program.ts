/** Programs that share what they have in common: declarations of libraries and packages are parsed and bound once in a process. */
import { statSync } from "node:fs";
import { Project, ts } from "ts-morph";
import { isOverflow } from "./nesting.ts";

/** `unreadable` hears of a file whose nesting exhausts the parser's stack; it counts as empty then. */
export function createProgram(
  rootNames: string[],
  options: ts.CompilerOptions,
  unreadable: (file: string) => void,
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
  host.getDefaultLibLocation = () => libFolder;
  host.getDefaultLibFileName = () => `${libFolder}/lib.d.ts`;
  host.getSourceFile = (name, ...how) => {
    const library = shared.libraries.get(name);
    if (library !== undefined) return library;
    if (!/\.d\.[cm]?ts$/.test(name)) return parse(name, ...how);
    const version = versionOf(name);
    const known = shared.declarations.get(name);
    if (known !== undefined && known.version === version) return known.source;
    const source = parse(name, ...how);
    if (source !== undefined) shared.declarations.set(name, { version, source });
    return source;
  };
  return ts.createProgram({ rootNames, options, host });
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

function versionOf(path: string): string {
  const { mtimeMs = 0, size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs} ${size}`;
}
