import { beforeAll, describe, expect, test } from "vitest";
import type { CodeTemplate, JsonSchema } from "../../../src/model/template.ts";
import { compiled } from "../project.ts";

/** Type → its schema. All are compiled in one program, each as the output of a step. */
const cases: [type: string, schema: JsonSchema][] = [
  ["string", { type: "string" }],
  ["number", { type: "number" }],
  ["boolean", { type: "boolean" }],
  ["null", { type: "null" }],
  ["undefined", { "x-type": "undefined" }],
  ["void", { "x-type": "undefined" }],
  ["bigint", { "x-type": "bigint" }],
  ["any", true],
  ["unknown", true],
  ["never", { not: {} }],
  ['"a"', { const: "a" }],
  ["7", { const: 7 }],
  ["true", { const: true }],
  ["7n", { "x-type": "bigint" }],
  ['"b" | "a"', { enum: ["a", "b"] }],
  ["10 | 9", { enum: [9, 10] }],
  ["Color", { enum: ["green", "red"] }],
  ["Level", { enum: [0, 1] }],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template literal type, as an author writes it
  ["`v${number}`", { type: "string" }],
  ["string | number", { anyOf: [{ type: "number" }, { type: "string" }] }],
  ["boolean | null", { anyOf: [{ type: "boolean" }, { type: "null" }] }],
  ['"a" | number', { anyOf: [{ const: "a" }, { type: "number" }] }],
  ["number | undefined", { anyOf: [{ type: "number" }, { "x-type": "undefined" }] }],
  [
    "{ a: number; b?: string }",
    { type: "object", properties: { a: { type: "number" }, b: { type: "string" } }, required: ["a"] },
  ],
  ["{ a?: number | null }", { type: "object", properties: { a: { anyOf: [{ type: "null" }, { type: "number" }] } } }],
  ["{ readonly a: 1 }", { type: "object", properties: { a: { const: 1 } }, required: ["a"] }],
  ["{}", { type: "object" }],
  ["Record<string, number>", { type: "object", additionalProperties: { type: "number" } }],
  [
    "Record<Color, 1>",
    { type: "object", properties: { red: { const: 1 }, green: { const: 1 } }, required: ["red", "green"] },
  ],
  ["{ [n: number]: string }", { type: "object", additionalProperties: { type: "string" } }],
  ["number[]", { type: "array", items: { type: "number" } }],
  ["readonly string[]", { type: "array", items: { type: "string" } }],
  [
    "[number, string]",
    { type: "array", prefixItems: [{ type: "number" }, { type: "string" }], minItems: 2, items: false },
  ],
  [
    "[number, string?]",
    { type: "array", prefixItems: [{ type: "number" }, { type: "string" }], minItems: 1, items: false },
  ],
  [
    "[number, ...string[]]",
    { type: "array", prefixItems: [{ type: "number" }], minItems: 1, items: { type: "string" } },
  ],
  ["[]", { type: "array", items: false }],
  ["Date", { "x-type": "Date" }],
  ["RegExp", { "x-type": "RegExp" }],
  ["Error", { "x-type": "Error" }],
  ["TypeError", { "x-type": "Error" }],
  ["OwnError", { "x-type": "Error" }],
  ["Uint8Array", { "x-type": "Uint8Array" }],
  ["Float64Array", { "x-type": "Float64Array" }],
  ["ArrayBuffer", { "x-type": "ArrayBuffer" }],
  ["Map<string, number>", { "x-type": "Map", "x-keys": { type: "string" }, "x-values": { type: "number" } }],
  ["ReadonlyMap<string, Date>", { "x-type": "Map", "x-keys": { type: "string" }, "x-values": { "x-type": "Date" } }],
  ["Set<string>", { "x-type": "Set", "x-values": { type: "string" } }],
  ["{ a: 1 } & { b: 2 }", { type: "object", properties: { a: { const: 1 }, b: { const: 2 } }, required: ["a", "b"] }],
  ["UserId", { type: "string" }],
  [
    "Page<number>",
    { type: "object", properties: { items: { type: "array", items: { type: "number" } } }, required: ["items"] },
  ],
  [
    "Pick<Documented, 'depth'>",
    {
      type: "object",
      properties: { depth: { type: "number", description: "How deep the tree may grow." } },
      required: ["depth"],
    },
  ],
  [
    "Tree",
    {
      $ref: "#/$defs/Tree",
      $defs: {
        Tree: {
          type: "object",
          properties: { value: { type: "number" }, children: { type: "array", items: { $ref: "#/$defs/Tree" } } },
          required: ["value", "children"],
        },
      },
    },
  ],
  [
    "{ root: Json }",
    {
      type: "object",
      properties: { root: { $ref: "#/$defs/Json" } },
      required: ["root"],
      $defs: {
        Json: {
          anyOf: [
            { type: "array", items: { $ref: "#/$defs/Json" } },
            { type: "null" },
            { type: "number" },
            { type: "object", additionalProperties: { $ref: "#/$defs/Json" } },
            { type: "string" },
          ],
        },
      },
    },
  ],
];

const declarations = `
  enum Color { Red = "red", Green = "green" }
  enum Level { Low, High }
  class OwnError extends RangeError { code = 7 }
  declare const brand: unique symbol;
  type UserId = string & { readonly [brand]: "user" };
  type Page<T> = { items: T[] };
  type Tree = { value: number; children: Tree[] };
  type Json = null | number | string | Json[] | { [key: string]: Json };
  interface Documented { /** How deep the tree may grow. */ depth: number; width: number }
`;

describe("the schema of a step's output", () => {
  let schemas: (JsonSchema | undefined)[];
  beforeAll(async () => {
    const steps = cases.map(([type], i) => `const s${i} = step(async () => null as unknown as ${type});`);
    const calls = cases.map((_, i) => `await s${i}();`);
    const { pipeline } = await compiled(
      `import { pipeline, step } from "reprise";\n${declarations}\n${steps.join("\n")}\nexport default pipeline("types", async () => {\n${calls.join("\n")}\n});`,
    );
    schemas = cases.map((_, i) => (pipeline.templates[`s${i}`] as CodeTemplate).output);
  }, 30_000);

  test.each(cases.map(([type, schema], i) => ({ type, schema, i })))("describes $type", ({ schema, i }) => {
    expect(schemas[i]).toEqual(schema);
  });
});
