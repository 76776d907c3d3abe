/** The schema of expressions, apart from their types: who only names them loads no zod. */
import * as z from "zod";
import {
  binaryOperators,
  type Expression,
  logicalOperators,
  type Pattern,
  type PatternItem,
  unaryOperators,
} from "./expression.ts";

const expression: z.ZodType<Expression> = z.lazy(() => expressionSchema);
const pattern: z.ZodType<Pattern> = z.lazy(() => patternSchema);
export const patternItemSchema: z.ZodType<PatternItem> = z.strictObject({
  target: pattern,
  default: expression.optional(),
});

const spread = z.strictObject({ kind: z.literal("spread"), of: expression });
const optional = z.literal(true).optional();

/** Longer literals are no text of a person. */
const maxLiteral = 10_000;

export const expressionSchema: z.ZodType<Expression> = z
  .union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("bigint"),
        digits: z
          .string()
          .regex(/^-?\d+$/)
          .max(maxLiteral),
      }),
      z.strictObject({
        kind: z.literal("regexp"),
        source: z.string().max(maxLiteral),
        flags: z.string().regex(/^[dgimsuvy]*$/),
      }),
      z.strictObject({ kind: z.literal("variable"), name: z.string() }),
      z.strictObject({ kind: z.literal("global"), name: z.string() }),
      z.strictObject({ kind: z.literal("class"), name: z.string() }),
      z.strictObject({ kind: z.literal("member"), of: expression, key: expression, optional }),
      z.strictObject({
        kind: z.literal("apply"),
        callee: expression,
        args: z.array(z.union([spread, expression])),
        optional,
      }),
      z.strictObject({ kind: z.literal("new"), callee: expression, args: z.array(z.union([spread, expression])) }),
      z.strictObject({ kind: z.literal("chain"), of: expression }),
      z.strictObject({ kind: z.literal("unary"), op: z.enum(unaryOperators), of: expression }),
      z.strictObject({ kind: z.literal("binary"), op: z.enum(binaryOperators), left: expression, right: expression }),
      z.strictObject({ kind: z.literal("logical"), op: z.enum(logicalOperators), left: expression, right: expression }),
      z.strictObject({ kind: z.literal("conditional"), test: expression, then: expression, else: expression }),
      z.strictObject({
        kind: z.literal("assign"),
        op: z.enum([...binaryOperators, ...logicalOperators]).optional(),
        target: pattern,
        value: expression,
      }),
      z.strictObject({ kind: z.literal("update"), op: z.enum(["++", "--"]), prefix: z.boolean(), target: pattern }),
      z.strictObject({ kind: z.literal("template"), strings: z.array(z.string()), values: z.array(expression) }),
      z.strictObject({
        kind: z.literal("array"),
        items: z.array(z.union([spread, z.strictObject({ kind: z.literal("hole") }), expression])),
      }),
      z.strictObject({
        kind: z.literal("object"),
        entries: z.array(z.union([spread, z.strictObject({ key: expression, value: expression })])),
      }),
      z.strictObject({ kind: z.literal("comma"), items: z.array(expression) }),
      z.strictObject({
        kind: z.literal("arrow"),
        id: z.string(),
        name: z.string().optional(),
        params: z.array(patternItemSchema),
        rest: pattern.optional(),
        value: expression,
      }),
    ]),
  ])
  .meta({ id: "Expression" });

export const patternSchema: z.ZodType<Pattern> = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("variable"), name: z.string() }),
    z.strictObject({ kind: z.literal("member"), of: expression, key: expression }),
    z.strictObject({
      kind: z.literal("object"),
      entries: z.array(z.strictObject({ key: expression, target: pattern, default: expression.optional() })),
      rest: pattern.optional(),
    }),
    z.strictObject({
      kind: z.literal("array"),
      items: z.array(z.union([patternItemSchema, z.null()])),
      rest: pattern.optional(),
    }),
  ])
  .meta({ id: "Pattern" });
