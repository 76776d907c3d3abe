/** Projects of authors for the compiler's tests: a folder with a package, a tsconfig and `reprise` from this checkout. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { type Compiled, type CompileOptions, compile } from "../../src/compiler/compile.ts";
import { CompileError, type Problem } from "../../src/compiler/problem.ts";

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** Without Node's types, unless `types` asks for them: they take half of a compile's time. */
const tsconfig = (types: string[]) =>
  JSON.stringify({
    compilerOptions: { strict: true, noUncheckedIndexedAccess: true, customConditions: ["reprise-source"], types },
  });

/** Path → content. Gives the project's folder. */
export function project(files: Record<string, string | Uint8Array>, options: { nodeTypes?: boolean } = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "reprise-compiler-")));
  made.push(folder);
  const checkout = join(import.meta.dirname, "..", "..");
  mkdirSync(join(folder, "node_modules", "@types"), { recursive: true });
  symlinkSync(checkout, join(folder, "node_modules", "reprise"));
  symlinkSync(join(checkout, "node_modules", "@types", "node"), join(folder, "node_modules", "@types", "node"));
  const all = {
    "package.json": '{ "name": "authors-project", "type": "module" }',
    "tsconfig.json": tsconfig(options.nodeTypes ? ["node"] : []),
    ...files,
  };
  for (const [path, content] of Object.entries(all)) write(folder, path, content);
  return folder;
}

export function write(folder: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

export type Source = string | Record<string, string | Uint8Array>;

/** Compiles `pipeline.ts` of a new project; a text is that file's content. */
export function compiled(source: Source, options: CompileOptions & { nodeTypes?: boolean } = {}): Promise<Compiled> {
  const files = typeof source === "string" ? { "pipeline.ts": source } : source;
  return compile(join(project(files, options), "pipeline.ts"), options);
}

/** The problems of `pipeline.ts`; fails where it compiles. */
export async function problemsOf(
  source: Source,
  options: CompileOptions & { nodeTypes?: boolean } = {},
): Promise<Problem[]> {
  try {
    await compiled(source, options);
  } catch (error) {
    if (error instanceof CompileError) return error.problems;
    throw error;
  }
  throw new Error("it compiled, although it should not have");
}
