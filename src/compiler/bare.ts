/**
 * Lays a step bare in the text of its module: `export const fit = step.queue("cpu")(async …)` becomes
 * `export const fit =                  (async …)`. What is taken out becomes blanks, so that every line and column of the step stays where it was.
 * All other calls of the DSL are marked as pure: they leave the bundle unless the step itself calls what they make.
 */
import type { ts } from "ts-morph";
import { chainsOf, declarationsOf } from "./declarations.ts";
import type { Dsl } from "./dsl.ts";

/** The name under which the bare module exports the step, whether or not the author exported it. */
export const bareExport = "__reprise_step";

/** `step` is the call that declares it; absent, or in another module, nothing is laid bare. */
export function bare(source: ts.SourceFile, step: ts.CallExpression, dsl: Dsl): string {
  const declared = declarationsOf(source, dsl);
  const own = declared.find(({ call }) => call === step);
  const others = [...declared.map(({ call }) => call), ...chainsOf(source, dsl)].filter((call) => call !== step);
  const marks = others.map((call) => ({ at: call.getStart(source), text: "/* @__PURE__ */ " }));

  let text = source.text;
  if (own?.fn) text = withoutWrapper(text, step, own.fn, source);
  for (const { at, text: mark } of marks.sort((a, b) => b.at - a.at)) text = text.slice(0, at) + mark + text.slice(at);
  return own ? `${text}\nexport { ${own.variable ?? "default"} as ${bareExport} };` : text;
}

/** The brackets of the outermost call stay, and the function between them. */
function withoutWrapper(text: string, call: ts.CallExpression, fn: ts.Expression, source: ts.SourceFile): string {
  const open = call.arguments.pos - 1;
  const beforeFn = blank(blank(text, call.getStart(source), open), open + 1, fn.getStart(source));
  return blank(beforeFn, fn.getEnd(), call.getEnd() - 1);
}

function blank(text: string, start: number, end: number): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\r\n\u2028\u2029]/g, " ") + text.slice(end);
}
