/** The OpenAPI document, made from the routes. */
import * as z from "zod";
import { roles } from "../../model/token.ts";
import { isQuery, namesIn } from "./api.ts";
import type { Served } from "./routes/route.ts";

type Json = Record<string, unknown>;

export function openApi(routes: readonly Served[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    paths[route.path]![route.verb.toLowerCase()] = operation(route);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Reprise", version, description: "Tasks, runs, queues and agents of a Reprise store." },
    paths,
    components: {
      schemas: { Error: errorSchema, ...sharedSchemas(routes) },
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
  };
}

function operation(route: Served): Json {
  const { verb, path, role, says, takes, takesContent } = route;
  const inPath = namesIn(path).map((name) => ({ name, in: "path", required: true, schema: { type: "string" } }));
  return {
    summary: says,
    ...(role === "anyone" ? { security: [] } : { security: [{ token: [] }], "x-role": role }),
    parameters: [...inPath, ...(takes && isQuery(verb) ? inQuery(takes) : [])],
    ...(takes && !isQuery(verb) && { requestBody: body("application/json", schemaOf(takes)) }),
    ...(takesContent && { requestBody: body(takesContent, {}) }),
    responses: {
      ...success(route),
      default: { description: "an error", ...content("application/json", ref("Error")) },
    },
  };
}

function success({ gives, givesContent }: Served): Json {
  if (givesContent) return { 200: { description: "as it is", ...content(givesContent, {}) } };
  if (gives) return { 200: { description: "as it is", ...content("application/json", schemaOf(gives)) } };
  return { 204: { description: "done" } };
}

const body = (type: string, schema: Json): Json => ({ required: true, ...content(type, schema) });
const content = (type: string, schema: Json): Json => ({ content: { [type]: { schema } } });
const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

function inQuery(takes: z.ZodObject): Json[] {
  const { properties = {}, required = [] } = schemaOf(takes) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: "query", required: required.includes(name), schema },
    ...(schema.type === "array" && { style: "form", explode: true }),
  }));
}

/** Schemas that have a name stand among the components, once. */
function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, $defs: __, ...json } = jsonSchema(schema);
  return json;
}

function sharedSchemas(routes: readonly Served[]): Json {
  const shared: Json = {};
  for (const { takes, gives } of routes)
    for (const schema of [takes, gives]) if (schema) Object.assign(shared, jsonSchema(schema).$defs);
  return shared;
}

/** What is no JSON, such as a Map, travels as `wire.ts` says. */
function jsonSchema(schema: z.ZodType): Json {
  const json = z.toJSONSchema(schema, { unrepresentable: "any", io: "input", reused: "inline" }) as Json;
  // A schema whose own name it is comes with a `$ref` to itself where it is recursive.
  const text = JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(text) as Json;
}

const errorSchema: Json = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["kind", "message"],
      properties: { kind: { type: "string" }, message: { type: "string" } },
    },
  },
  description: `Roles, each of which may do what those before it may: ${roles.join(", ")}.`,
};
