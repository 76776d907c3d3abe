/**
 * Lays a step bare in its module: `export const fit = step.queue("cpu")(async …)` becomes `export const fit =                  (async …)`.
 * What is taken out becomes blanks, so that every line and column of the step stays where it was. All other calls of the DSL are marked as
 * pure: they leave the bundle unless the step itself calls what they make.
 */
import { ts } from "ts-morph";
import { bareClasses } from "./bare-class.ts";
import type { Context } from "./context.ts";
import { chainsOf, type Declared, declarationsOf } from "./declarations.ts";
import { blanks, type Edit, insertion } from "./edits.ts";
import { bareGraphs } from "./graph/bare-graph.ts";

/** The name under which the bare module exports the step, whether or not the author exported it. */
export const bareExport = ({ variable, owner }: Declared): string =>
  variable === undefined && owner === undefined ? "default" : "__reprise_step";

/** The module that exports it: a step that a class inherits is the class's. */
export const bareModule = ({ call, owner }: Declared): ts.SourceFile => (owner ?? call).getSourceFile();

/** Where the step is in another module, nothing is laid bare. */
export function bare(source: ts.SourceFile, step: Declared, context: Context): Edit[] {
  const { dsl, checker } = context;
  const declared = declarationsOf(source, dsl);
  const calls = declared.map(({ call }) => call).filter(ts.isCallExpression);
  const own = declared.find(({ call }) => call === step.call);
  const others = [...calls, ...chainsOf(source, dsl)].filter((call) => call !== step.call);
  return [
    ...others.map((call) => insertion(call.getStart(source), "/* @__PURE__ */ ")),
    ...(own?.fn ? withoutWrapper(own.call as ts.CallExpression, own.fn, source) : []),
    ...(own?.variable ? [insertion(source.text.length, `\nexport { ${own.variable} as ${bareExport(own)} };`)] : []),
    ...bareClasses(source, step, dsl, checker),
    ...bareGraphs(source, context),
  ];
}

/** The brackets of the outermost call stay, and the function between them. */
function withoutWrapper(call: ts.CallExpression, fn: ts.Node, source: ts.SourceFile): Edit[] {
  const open = call.arguments.pos - 1;
  return [
    blanks(source.text, call.getStart(source), open),
    blanks(source.text, open + 1, fn.getStart(source)),
    blanks(source.text, fn.getEnd(), call.getEnd() - 1),
  ];
}
