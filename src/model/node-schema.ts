/** The schema of nodes, apart from their types: who only names them loads no zod. */
import * as z from "zod";
import { expressionSchema as expression, patternSchema as pattern, patternItemSchema } from "./expression-schema.ts";
import type { Closure, Node } from "./node.ts";
import { jsonSchemaSchema } from "./template-schema.ts";

const node: z.ZodType<Node> = z.lazy(() => nodeSchema);
const nodes = z.array(node);
const closure: z.ZodType<Closure> = z.lazy(() => closureSchema);
const declare = z.enum(["const", "let"]).optional();
const text = z.string().optional();
/** Ids are joined to paths by `/`, with turns in `[…]` and activations behind `#`. */
const id = z
  .string()
  .max(200)
  .regex(
    /^[^\s\p{C}/[\]#]+(?: [^\s\p{C}/[\]#]+)*$/u,
    "an id is words, one space between them, without control characters, /, [, ] or #",
  );
const common = {
  id,
  at: z.string().optional(),
  reads: z.array(z.string()).optional(),
  writes: z.array(z.string()).optional(),
};

export const closureSchema: z.ZodType<Closure> = z
  .strictObject({
    id,
    name: z.string(),
    async: z.boolean(),
    params: z.array(patternItemSchema),
    rest: pattern.optional(),
    nodes,
  })
  .meta({ id: "Closure" });

export const nodeSchema: z.ZodType<Node> = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("call"),
      ...common,
      template: z.string().optional(),
      fn: expression.optional(),
      args: z.array(expression),
      as: z.enum(["handle", "detached"]).optional(),
      into: z.string(),
    }),
    z.strictObject({
      kind: z.literal("timer"),
      ...common,
      after: expression.optional(),
      until: expression.optional(),
      into: z.string(),
      value: expression.optional(),
    }),
    z.strictObject({
      kind: z.literal("signal"),
      ...common,
      name: expression,
      options: expression.optional(),
      schema: jsonSchemaSchema.optional(),
      into: z.string(),
    }),
    z.strictObject({
      kind: z.literal("await"),
      ...common,
      value: expression,
      declare,
      target: pattern.optional(),
      text,
    }),
    z.strictObject({
      kind: z.literal("let"),
      ...common,
      declare,
      target: pattern.optional(),
      value: expression.optional(),
      text,
    }),
    z.strictObject({
      kind: z.literal("branch"),
      ...common,
      on: expression.optional(),
      cases: z.array(z.strictObject({ when: expression, nodes, text })),
      otherwise: z.strictObject({ nodes, at: z.int().nonnegative().optional() }).optional(),
      text,
      into: z.string().optional(),
      skips: z.literal(true).optional(),
    }),
    z.strictObject({
      kind: z.literal("loop"),
      ...common,
      form: z.enum(["while", "do", "for", "of", "in", "await"]),
      label: z.string().optional(),
      init: nodes.optional(),
      test: z.strictObject({ nodes, value: expression, text }).optional(),
      update: nodes.optional(),
      over: z.strictObject({ value: expression, declare, target: pattern }).optional(),
      nodes,
      state: z.strictObject({ target: pattern, value: expression, count: z.string() }).optional(),
      into: z.string().optional(),
    }),
    z.strictObject({
      kind: z.literal("each"),
      ...common,
      of: expression,
      method: z.string(),
      function: closure,
      args: z.array(expression),
      into: z.string(),
      concurrency: expression.optional(),
    }),
    z.strictObject({
      kind: z.literal("try"),
      ...common,
      nodes,
      catch: z.strictObject({ target: pattern.optional(), nodes }).optional(),
      finally: nodes.optional(),
      into: z.string().optional(),
    }),
    z.strictObject({ kind: z.literal("block"), ...common, label: z.string(), nodes }),
    z.strictObject({ kind: z.literal("function"), ...common, variable: z.string(), function: closure }),
    z.strictObject({ kind: z.literal("return"), ...common, value: expression.optional() }),
    z.strictObject({ kind: z.literal("throw"), ...common, value: expression }),
    z.strictObject({ kind: z.literal("break"), ...common, label: z.string().optional() }),
    z.strictObject({ kind: z.literal("continue"), ...common, label: z.string().optional() }),
  ])
  .meta({ id: "Node" });
