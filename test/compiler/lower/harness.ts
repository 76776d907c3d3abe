/** Lowers a body written as a text, with steps `a`, `b`, `c` and `fit`, without files. */
import { Project, ts } from "ts-morph";
import { lower } from "../../../src/compiler/lower/lower.ts";
import { type Problem, Problems } from "../../../src/compiler/problem.ts";
import type { Graph } from "../../../src/model/pipeline.ts";

const steps = new Set(["a", "b", "c", "fit"]);
const prelude = [...steps].map((name) => `declare function ${name}(input?: unknown): Promise<any>;`).join(" ");

let project: Project | undefined;

export function lowered(source: string): { graph: Graph; problems: Problem[] } {
  project ??= new Project({
    useInMemoryFileSystem: true,
    skipAddingFilesFromTsConfig: true,
    compilerOptions: { target: ts.ScriptTarget.ES2024, lib: ["lib.es2024.d.ts"], strict: true, types: [] },
  });
  const file = project.createSourceFile("/body.ts", `${prelude}\n${source}`, { overwrite: true }).compilerNode;
  const checker = project.getTypeChecker().compilerObject;
  const body = file.statements.findLast(ts.isFunctionDeclaration);
  if (body === undefined) throw new Error("the source declares no function");
  const problems = new Problems("/");
  const graph = lower(body, {
    checker,
    problems,
    place: (node) => {
      const { line, character } = file.getLineAndCharacterOfPosition(node.getStart());
      return `body.ts:${line}:${character + 1}`;
    },
    stepOf: (callee) => (ts.isIdentifier(callee) && steps.has(callee.text) ? callee.text : undefined),
    isDsl: () => undefined,
  });
  return { graph, problems: problems.list };
}
