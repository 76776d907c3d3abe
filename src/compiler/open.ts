/** Opens an author's file for the passes, and says which files it was made from. */
import { existsSync } from "node:fs";
import { sep } from "node:path";
import type { Context } from "./context.ts";
import { Dsl } from "./dsl.ts";
import { projectFolder } from "./folders.ts";
import { type Loaded, load, reportSyntaxErrors } from "./load.ts";
import { Problems } from "./problem.ts";
import { rules } from "./rules.ts";
import type { Warm } from "./warm.ts";

export type Opened = { loaded: Loaded; context: Context };

/** `file` is absolute. Who puts no graph together needs no limit for it. Throws a CompileError where it is not there, or its syntax is wrong. */
export function open(file: string, graphLimitMs = 0, warm?: Warm): Opened {
  const root = projectFolder(file);
  const problems = new Problems(root);
  if (!existsSync(file)) problems.reportAt(rules.noFile, { file, text: "", start: 0, end: 0 }, { file });
  problems.throwIfAny();
  const loaded = load(file, problems, warm);
  reportSyntaxErrors(loaded, problems);
  problems.throwIfAny();
  const { program, checker, dsl } = loaded;
  return { loaded, context: { program, checker, problems, root, graphLimitMs, dsl: new Dsl(checker, dsl) } };
}

/** `bundled`: what went into bundles. `lookedFor`: files that would have changed the result had they been there. */
export function filesOf({ program, configs }: Loaded, bundled: string[]): { files: string[]; lookedFor: string[] } {
  const sources = program
    .getSourceFiles()
    .map(({ fileName }) => fileName.split("/").join(sep))
    .filter((path) => existsSync(path));
  const files = new Set([...sources, ...bundled, ...configs.filter((path) => existsSync(path))]);
  return { files: [...files].sort(), lookedFor: configs.filter((path) => !existsSync(path)) };
}
