/** Declarations of steps and pipelines at the top level of the author's modules. */
import { basename } from "node:path";
import { ts } from "ts-morph";
import type { Dsl, Wrapper } from "./dsl.ts";
import { unwrap } from "./symbols.ts";

/** A call of `step(…)` or `pipeline(…)` with what holds its result. */
export type Declared = Wrapper & {
  /** The name of the const; absent for a default export. */
  variable?: string;
  isDefault: boolean;
};

/** In source order. */
export function declarationsOf(source: ts.SourceFile, dsl: Dsl): Declared[] {
  return topLevel(source).flatMap(({ expression, variable, isDefault }) => {
    const wrapper = dsl.wrapper(expression);
    return wrapper ? [{ ...wrapper, isDefault, ...(variable !== undefined && { variable }) }] : [];
  });
}

/** `const cpu = step.queue("cpu")`: initializers of consts that hold a chain and nothing else. */
export function chainsOf(source: ts.SourceFile, dsl: Dsl): ts.Expression[] {
  return topLevel(source).flatMap(({ expression }) => {
    const at = unwrap(expression);
    return ts.isCallExpression(at) && dsl.chain(at) ? [at] : [];
  });
}

type Holder = { expression: ts.Expression; variable?: string; isDefault: boolean };

function topLevel(source: ts.SourceFile): Holder[] {
  return source.statements.flatMap((statement): Holder[] => {
    if (ts.isExportAssignment(statement)) return [{ expression: statement.expression, isDefault: true }];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }): Holder[] =>
      ts.isIdentifier(name) && initializer ? [{ expression: initializer, variable: name.text, isDefault: false }] : [],
    );
  });
}

/** The name that a declaration has where no option says another: its variable's, its function's, or for a pipeline its file's. */
export function ownName({ kind, variable, fn, call }: Declared): string | undefined {
  if (variable !== undefined) return variable;
  const inner = fn && unwrap(fn);
  if (inner && ts.isFunctionExpression(inner) && inner.name) return inner.name.text;
  if (inner && ts.isIdentifier(inner)) return inner.text;
  return kind === "pipeline" ? basename(call.getSourceFile().fileName).replace(/\.[cm]?[jt]sx?$/, "") : undefined;
}
