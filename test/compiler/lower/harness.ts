/**
 * Lowers a body written as a text, with steps `a`, `b`, `c`, `fit` and `late`, without files: the last function, or the method `run` of a class. The
 * pipelines that the text declares are lowered too; it may import the oracle's helpers.
 */
import { readFileSync } from "node:fs";
import { Project, ts } from "ts-morph";
import { isInstance, memberOf } from "../../../src/compiler/classes.ts";
import { lower } from "../../../src/compiler/lower/lower.ts";
import { type Problem, Problems } from "../../../src/compiler/problem.ts";
import type { Graph } from "../../../src/model/pipeline.ts";

const steps = new Set(["a", "b", "c", "fit", "late"]);
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
  "declare function step(method: unknown, context: unknown): void;",
  "declare function pipeline<F>(name: string, body: F): F;",
  "declare class NotReady extends RangeError {}",
].join(" ");
/** Of what Node's types declare. */
const ambient = "declare const crypto: { randomUUID(): string }; declare const performance: { now(): number };";

let project: Project | undefined;

export function lowered(source: string): { graph: Graph; pipelines: Record<string, Graph>; problems: Problem[] } {
  project ??= new Project({
    useInMemoryFileSystem: true,
    skipAddingFilesFromTsConfig: true,
    compilerOptions: { target: ts.ScriptTarget.ES2024, lib: ["lib.es2024.d.ts"], strict: true, types: [] },
  });
  if (project.getSourceFile("/ambient.d.ts") === undefined) {
    project.createSourceFile("/ambient.d.ts", ambient);
    project.createSourceFile("/helpers.ts", readFileSync(helpers, "utf8"));
  }
  const file = project.createSourceFile("/body.ts", `${prelude}\n${source}`, { overwrite: true }).compilerNode;
  const checker = project.getTypeChecker().compilerObject;
  const problems = new Problems("/");
  const pipelines = pipelinesOf(file);
  const lowerBody = (body: Parameters<typeof lower>[0], owner?: ts.ClassDeclaration): Graph =>
    lower(body, {
      checker,
      problems,
      place: (node) => {
        const { line, character } = file.getLineAndCharacterOfPosition(node.getStart());
        return `body.ts:${line}:${character + 1}`;
      },
      stepOf: (callee) => {
        if (owner && ts.isPropertyAccessExpression(callee)) return stepOfClass(callee, owner, checker);
        if (!ts.isIdentifier(callee)) return undefined;
        const isStep = steps.has(callee.text) && !isLocal(callee, checker);
        return isStep || pipelines.has(callee.text) ? callee.text : undefined;
      },
      isDsl: (callee) => (ts.isIdentifier(callee) && callee.text in words ? callee.text : undefined),
      ...(owner && { owner }),
    });
  const { body, owner } = mainOf(file);
  return {
    graph: lowerBody(body, owner),
    pipelines: Object.fromEntries([...pipelines].map(([name, body]) => [name, lowerBody(body)])),
    problems: problems.list,
  };
}

const helpers = new URL("../../oracle/helpers.ts", import.meta.url);

function mainOf(file: ts.SourceFile): { body: Parameters<typeof lower>[0]; owner?: ts.ClassDeclaration } {
  for (const owner of file.statements.filter(ts.isClassDeclaration)) {
    const run = owner.members.filter(ts.isMethodDeclaration).find(({ name }) => name.getText() === "run");
    if (run) return { body: run, owner };
  }
  const body = file.statements.findLast(ts.isFunctionDeclaration);
  if (body === undefined) throw new Error("the source declares no function");
  return { body };
}

/** `const nested = pipeline("nested", async … )`, by name. */
function pipelinesOf(file: ts.SourceFile): Map<string, ts.ArrowFunction> {
  const found = new Map<string, ts.ArrowFunction>();
  for (const statement of file.statements.filter(ts.isVariableStatement))
    for (const { name, initializer } of statement.declarationList.declarations)
      if (initializer && ts.isCallExpression(initializer) && initializer.expression.getText() === "pipeline")
        found.set(name.getText(), initializer.arguments[1] as ts.ArrowFunction);
  return found;
}

/** `this.a`, of a method under `@step`. */
function stepOfClass(
  { expression, name }: ts.PropertyAccessExpression,
  owner: ts.ClassDeclaration,
  checker: ts.TypeChecker,
): string | undefined {
  if (expression.kind !== ts.SyntaxKind.ThisKeyword || !isInstance(expression)) return undefined;
  const method = memberOf(owner, name.text, checker)?.declaration;
  return method && ts.isMethodDeclaration(method) && ts.getDecorators(method) ? name.text : undefined;
}

/** A local that is called as a step hides it. */
function isLocal(name: ts.Identifier, checker: ts.TypeChecker): boolean {
  const declaration = checker.getSymbolAtLocation(name)?.valueDeclaration;
  return (
    declaration !== undefined &&
    (ts.isParameter(declaration) || ts.isVariableDeclaration(declaration) || ts.isBindingElement(declaration))
  );
}
