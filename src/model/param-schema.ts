/** The JSON Schema of params that a graph asks for one by one. */
import * as z from "zod";
import type { Blueprint } from "./blueprint.ts";
import type { JsonSchema } from "./template.ts";
import { jsonSchemaSchema } from "./template-schema.ts";

/** Of one object with all of them; `undefined` where there are none. Throws a TypeError, naming the param, for what is no schema. */
export function paramsSchema(params: Omit<Blueprint["params"][number], "variable">[]): JsonSchema | undefined {
  if (params.length === 0) return undefined;
  const described = params.map(({ name, schema }) => ({ name, ...describe(`param "${name}"`, schema) }));
  const required = described.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  return {
    type: "object",
    properties: Object.fromEntries(described.map(({ name, schema }) => [name, schema])),
    ...(required.length > 0 && { required }),
  };
}

/** Of what a signal brings. Throws a TypeError, naming the signal's node, for what is no schema. */
export const sentSchema = (node: string, given: unknown): JsonSchema => describe(`signal "${node}"`, given).schema;

function describe(what: string, given: unknown): { schema: JsonSchema; isRequired: boolean } {
  if (given === undefined) return { schema: {}, isRequired: true };
  if (typeof given === "object" && given !== null && "_zod" in given) return ofZod(given as z.ZodType);
  const parsed = jsonSchemaSchema.safeParse(given);
  if (!parsed.success || typeof parsed.data === "boolean" || "~standard" in parsed.data)
    throw new TypeError(`the schema of the ${what} is neither a zod 4 schema nor JSON Schema`);
  return { schema: parsed.data, isRequired: !("default" in parsed.data) };
}

/** As the field of an object, since a schema alone does not say whether it may be left out. */
function ofZod(schema: z.ZodType): { schema: JsonSchema; isRequired: boolean } {
  const whole = z.toJSONSchema(z.object({ param: schema }), { io: "input", unrepresentable: "any" });
  const { param = {} } = whole.properties ?? {};
  return { schema: param as JsonSchema, isRequired: whole.required?.includes("param") ?? false };
}
