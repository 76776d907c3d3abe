/** Compiles an example as an author would: in a project of its own. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compile } from "../../src/compiler/compile.ts";
import { CompileError } from "../../src/compiler/problem.ts";
import { filesOf, type Source } from "./example.ts";

/** Node's types take half of the time: they are there where they are used. */
function project(files: Record<string, string>): Record<string, string> {
  const usesNode = /\b(?:console|URL|import\.meta)\b/.test(Object.values(files).join());
  const { compilerOptions = { strict: true, noUncheckedIndexedAccess: true } } = JSON.parse(
    files["tsconfig.json"] ?? "{}",
  ) as { compilerOptions?: object };
  return {
    "package.json": '{ "name": "example", "type": "module" }',
    ...files,
    "tsconfig.json": JSON.stringify({
      compilerOptions: { ...compilerOptions, customConditions: ["reprise-source"], types: usesNode ? ["node"] : [] },
    }),
  };
}

/** What the compiler says, with paths as an author in that folder would see them. Undefined where there is nothing wrong. */
export async function compileError(source: Source, pipeline?: string): Promise<Pick<CompileError, "problems" | "message"> | undefined> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "reprise-example-")));
  const checkout = join(import.meta.dirname, "../..");
  try {
    mkdirSync(join(folder, "node_modules", "@types"), { recursive: true });
    symlinkSync(checkout, join(folder, "node_modules", "reprise"));
    symlinkSync(join(checkout, "node_modules", "@types", "node"), join(folder, "node_modules", "@types", "node"));
    for (const [path, text] of Object.entries(project(filesOf(source)))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    await compile(join(folder, "pipeline.ts"), pipeline === undefined ? {} : { pipeline });
    return undefined;
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return { problems: error.problems, message: error.message.replaceAll(`${folder}/`, "") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
