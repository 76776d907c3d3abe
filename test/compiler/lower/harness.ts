/** Lowers a body written as a text, with steps `a`, `b`, `c` and `fit`, without files. */
import { Project, ts } from "ts-morph";
import { lower } from "../../../src/compiler/lower/lower.ts";
import { type Problem, Problems } from "../../../src/compiler/problem.ts";
import type { Graph } from "../../../src/model/pipeline.ts";

const steps = new Set(["a", "b", "c", "fit"]);
const words: Record<string, string> = {
  sleep: "declare function sleep(duration: number | string): Promise<void>;",
  sleepUntil: "declare function sleepUntil(time: Date | number): Promise<void>;",
  signal: "declare function signal<T = any>(name: string, options?: object): Promise<T>;",
  start: "declare function start(step: unknown, input?: unknown): any;",
  detach: "declare function detach(work: Promise<unknown>): void;",
};
const prelude = [
  ...[...steps].map((name) => `declare function ${name}(input?: unknown): Promise<any>;`),
  ...Object.values(words),
].join(" ");
/** Of what Node's types declare. */
const ambient = "declare const crypto: { randomUUID(): string }; declare const performance: { now(): number };";

let project: Project | undefined;

export function lowered(source: string): { graph: Graph; problems: Problem[] } {
  project ??= new Project({
    useInMemoryFileSystem: true,
    skipAddingFilesFromTsConfig: true,
    compilerOptions: { target: ts.ScriptTarget.ES2024, lib: ["lib.es2024.d.ts"], strict: true, types: [] },
  });
  if (project.getSourceFile("/ambient.d.ts") === undefined) project.createSourceFile("/ambient.d.ts", ambient);
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
    stepOf: (callee) =>
      ts.isIdentifier(callee) && steps.has(callee.text) && !isLocal(callee, checker) ? callee.text : undefined,
    isDsl: (callee) => (ts.isIdentifier(callee) && callee.text in words ? callee.text : undefined),
  });
  return { graph, problems: problems.list };
}

/** A local that is called as a step hides it. */
function isLocal(name: ts.Identifier, checker: ts.TypeChecker): boolean {
  const declaration = checker.getSymbolAtLocation(name)?.valueDeclaration;
  return (
    declaration !== undefined &&
    (ts.isParameter(declaration) || ts.isVariableDeclaration(declaration) || ts.isBindingElement(declaration))
  );
}
