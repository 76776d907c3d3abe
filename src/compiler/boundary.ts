/** The boundary of a step or a pipeline: what may cross it, as schemas. */
import type { JsonSchema } from "../model/template.ts";
import type { Context } from "./context.ts";
import type { Declared } from "./declarations.ts";
import { spotOf } from "./problem.ts";
import { withDefaults } from "./schema/defaults.ts";
import { schemaOf } from "./schema/schema.ts";
import { bodyOf, type Signature } from "./signature.ts";

export function inputSchema(signature: Signature | undefined, what: string, context: Context): JsonSchema | undefined {
  const input = signature?.input;
  if (input === undefined) return undefined;
  const { checker } = context;
  const isOptional = input.declaration?.questionToken !== undefined || input.declaration?.initializer !== undefined;
  const type = isOptional ? checker.getNonNullableType(input.type) : input.type;
  const schema = schemaOf(type, { context, node: input.node, what });
  return input.declaration ? withDefaults(schema, input.declaration.name, checker) : schema;
}

export function outputSchema(signature: Signature | undefined, what: string, context: Context): JsonSchema | undefined {
  return signature && schemaOf(signature.output.type, { context, node: signature.output.node, what });
}

/** A mistake in the wrapper makes TypeScript complain of all of it; what it says of the function's own body stands. */
export function overshadowWrapper({ call, fn, owner }: Declared, { checker, problems }: Context): void {
  if (owner) return problems.overshadow(spotOf(owner), spotOf(call));
  const whole = spotOf(call);
  const body = fn && bodyOf(fn, checker)?.body;
  const isInside = body !== undefined && body.pos > call.pos && body.end < call.end;
  problems.overshadow(whole, isInside ? { ...whole, end: body.getStart() } : whole);
}
