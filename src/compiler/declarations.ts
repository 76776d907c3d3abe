/** Declarations of steps and pipelines at the top level of the author's modules. */
import { basename } from "node:path";
import { ts } from "ts-morph";
import type { Dsl, Wrapper } from "./dsl.ts";
import { unwrap } from "./symbols.ts";

/** A call of `step(…)` or `pipeline(…)` with what holds its result, or a decorator with what it stands on. */
export type Declared = Wrapper & {
  /** The name of the const, the method or the class; absent for a default export without one. */
  variable?: string;
  isDefault: boolean;
};

/** In source order. */
export function declarationsOf(source: ts.SourceFile, dsl: Dsl): Declared[] {
  return source.statements.flatMap((statement) => {
    if (ts.isClassDeclaration(statement)) return declaredClass(statement, dsl) ?? [];
    return held(statement).flatMap(({ expression, variable, isDefault }) => {
      const wrapper = dsl.wrapper(expression);
      return wrapper ? [{ ...wrapper, isDefault, ...(variable !== undefined && { variable }) }] : [];
    });
  });
}

/** A class under `@pipeline`. */
export function declaredClass(node: ts.ClassDeclaration, dsl: Dsl): Declared | undefined {
  const wrapper = dsl.decoratedClass(node);
  if (wrapper === undefined) return undefined;
  const isDefault = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false;
  return { ...wrapper, isDefault, ...(node.name && { variable: node.name.text }) };
}

/** `const cpu = step.queue("cpu")`: initializers of consts that hold a chain and nothing else. */
export function chainsOf(source: ts.SourceFile, dsl: Dsl): ts.Expression[] {
  return source.statements.flatMap(held).flatMap(({ expression }) => {
    const at = unwrap(expression);
    return ts.isCallExpression(at) && dsl.chain(at) ? [at] : [];
  });
}

type Holder = { expression: ts.Expression; variable?: string; isDefault: boolean };

function held(statement: ts.Statement): Holder[] {
  if (ts.isExportAssignment(statement)) return [{ expression: statement.expression, isDefault: true }];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }): Holder[] =>
    ts.isIdentifier(name) && initializer ? [{ expression: initializer, variable: name.text, isDefault: false }] : [],
  );
}

/** The name that a declaration has where no option says another: its variable's, its function's, or for a pipeline its file's. */
export function ownName({ kind, variable, fn, call }: Declared): string | undefined {
  if (variable !== undefined) return variable;
  const inner = fn && !ts.isMethodDeclaration(fn) ? unwrap(fn) : undefined;
  if (inner && ts.isFunctionExpression(inner) && inner.name) return inner.name.text;
  if (inner && ts.isIdentifier(inner)) return inner.text;
  return kind === "pipeline" ? basename(call.getSourceFile().fileName).replace(/\.[cm]?[jt]sx?$/, "") : undefined;
}
