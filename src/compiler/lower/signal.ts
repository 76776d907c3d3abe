/** Signal: `signal<T>("approved", { timeLimit })`, a wait for what somebody outside sends. */
import { ts } from "ts-morph";
import type { Expression } from "../../model/expression.ts";
import type { JsonSchema } from "../../model/template.ts";
import type { Region } from "./region.ts";
import { unwrap } from "./syntax.ts";

export function signal(node: ts.CallExpression, region: Region, hint?: string): Expression {
  const { shared } = region;
  const [given, , ...more] = node.arguments;
  if (given === undefined || more.length > 0 || node.arguments.some(ts.isSpreadElement) || node.questionDotToken)
    return region.report(shared.problems.waitArguments, node, {
      what: "`signal` takes a name, and options where it has any",
      example: 'signal("approved", { timeLimit: "1d" })',
    });
  const [name = null, options] = region.operands(node.arguments);
  const literal = unwrap(given);
  const id = region.ids.named(hint ?? (ts.isStringLiteralLike(literal) ? literal.text : "signal"));
  const into = shared.names.fresh(`$${id}`);
  const schema = schemaOf(node, region);
  region.emit(node, {
    kind: "signal",
    id,
    name,
    ...(options !== undefined && { options }),
    ...(schema !== undefined && { schema }),
    into,
  });
  return { kind: "variable", name: into };
}

/** Of what the author says will be sent; nothing where the type says nothing. */
function schemaOf(node: ts.CallExpression, { shared }: Region): JsonSchema | undefined {
  const { checker, schemaOf } = shared.context;
  const type = checker.getAwaitedType(checker.getTypeAtLocation(node));
  if (type === undefined || type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return undefined;
  return schemaOf?.(type, node, "the value of the signal");
}
