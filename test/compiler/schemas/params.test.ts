import { expect, test } from "vitest";
import type { CodeTemplate } from "../../../src/model/template.ts";
import { compiled } from "../project.ts";

const pipelineWith = (parameter: string, before = "") => `
  import { pipeline } from "reprise";
  ${before}
  export default pipeline("params", async (${parameter}) => 1);
`;

test("what has a default may be left out, and a literal default is shown", async () => {
  const { pipeline } = await compiled(
    pipelineWith(
      "{ target = 0.95, name, tags = ['a'], deep: { limit = DEFAULT_LIMIT } = {}, from = today() }: Params",
      `const DEFAULT_LIMIT = 2 * 4;
       declare function today(): string;
       type Params = { target?: number; name: string; tags: string[]; deep?: { limit?: number }; from?: string };`,
    ),
  );
  expect(pipeline.params).toEqual({
    type: "object",
    properties: {
      target: { type: "number", default: 0.95 },
      name: { type: "string" },
      tags: { type: "array", items: { type: "string" }, default: ["a"] },
      deep: { type: "object", properties: { limit: { type: "number", default: 8 } }, default: {} },
      from: { type: "string" },
    },
    required: ["name"],
  });
});

test("params are absent where the body takes none, and the object's where they may all be left out", async () => {
  expect((await compiled(pipelineWith(""))).pipeline.params).toBeUndefined();
  expect((await compiled(pipelineWith("{ a = 1 }: { a?: number } = {}"))).pipeline.params).toEqual({
    type: "object",
    properties: { a: { type: "number", default: 1 } },
  });
});

test("types of zod schemas and of generic steps are described as they are inferred", async () => {
  const { pipeline } = await compiled(`
    import { pipeline, step } from "reprise";
    type Infer<T extends Record<string, { parse(text: string): unknown }>> = { [K in keyof T]: ReturnType<T[K]["parse"]> };
    declare const shape: { n: { parse(text: string): number }; at: { parse(text: string): Date } };
    const use = step(async (input: Infer<typeof shape>) => ({ ...input, twice: [input.n, input.n] as const }));
    export default pipeline("inferred", async () => await use({ n: 1, at: new Date(0) }));
  `);
  expect(pipeline.templates.use).toMatchObject({
    input: { properties: { n: { type: "number" }, at: { "x-type": "Date" } }, required: ["n", "at"] },
    output: {
      properties: { twice: { prefixItems: [{ type: "number" }, { type: "number" }], minItems: 2, items: false } },
    },
  });
  expect(pipeline.result).toEqual((pipeline.templates.use as CodeTemplate).output);
});

test("a type that grows without end is described to a depth, and compiles in time", async () => {
  const { pipeline } = await compiled(`
    import { pipeline, step } from "reprise";
    type Endless<T> = { value: T; next: Endless<T[]> };
    ${Array.from({ length: 12 }, (_, i) => `type W${i} = { a: ${i ? `W${i - 1}` : "string"}; b: ${i ? `W${i - 1}` : "string"}; c: ${i ? `W${i - 1}` : "string"} };`).join("\n")}
    const endless = step(async () => null as unknown as Endless<number>);
    const wide = step(async () => null as unknown as W11);
    export default pipeline("large", async () => { await endless(); await wide(); });
  `);
  const text = JSON.stringify(pipeline.templates);
  expect(text).toContain("not described further");
  expect(text.length).toBeLessThan(1_000_000);
});
