/**
 * Lays a step bare in its module: `export const fit = step.queue("cpu")(async …)` becomes `export const fit =                  (async …)`.
 * What is taken out becomes blanks, so that every line and column of the step stays where it was. All other calls of the DSL are marked as
 * pure: they leave the bundle unless the step itself calls what they make.
 */
import type { ts } from "ts-morph";
import { chainsOf, type Declared, declarationsOf } from "./declarations.ts";
import type { Dsl } from "./dsl.ts";
import type { Edit } from "./edits.ts";

/** The name under which the bare module exports the step, whether or not the author exported it. */
export const bareExport = (step: Declared): string => (step.variable === undefined ? "default" : "__reprise_step");

/** `step` is the call that declares it; where it is in another module, nothing is laid bare. */
export function bare(source: ts.SourceFile, step: ts.CallExpression, dsl: Dsl): Edit[] {
  const declared = declarationsOf(source, dsl);
  const own = declared.find(({ call }) => call === step);
  const others = [...declared.map(({ call }) => call), ...chainsOf(source, dsl)].filter((call) => call !== step);
  return [
    ...others.map((call) => insertion(call.getStart(source), "/* @__PURE__ */ ")),
    ...(own?.fn ? withoutWrapper(step, own.fn, source) : []),
    ...(own?.variable ? [insertion(source.text.length, `\nexport { ${own.variable} as ${bareExport(own)} };`)] : []),
  ];
}

/** The brackets of the outermost call stay, and the function between them. */
function withoutWrapper(call: ts.CallExpression, fn: ts.Expression, source: ts.SourceFile): Edit[] {
  const open = call.arguments.pos - 1;
  return [
    blanks(source.text, call.getStart(source), open),
    blanks(source.text, open + 1, fn.getStart(source)),
    blanks(source.text, fn.getEnd(), call.getEnd() - 1),
  ];
}

function blanks(text: string, start: number, end: number): Edit {
  return { start, end, text: text.slice(start, end).replace(/[^\r\n\u2028\u2029]/g, " ") };
}

const insertion = (at: number, text: string): Edit => ({ start: at, end: at, text });
