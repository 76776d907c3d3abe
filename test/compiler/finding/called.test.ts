import { describe, expect, test } from "vitest";
import { definitionOf } from "../../../src/model/definition.ts";
import { compiled, problemsOf } from "../project.ts";

const controller = { type: "controller", queue: "services" };

const two = {
  "pipeline.ts": `
    import { pipeline, step, withOptions } from "reprise";
    import preparation, { clean } from "./prepare.ts";
    export const fit = step(async ({ rows }: { rows: number[] }) => rows.length);
    export const split = step(async ({ rows }: { rows: number[] }) => rows);
    export default pipeline("train", async ({ seed }: { seed: number }) => {
      const rows = await preparation({ seed });
      const more = await withOptions(preparation, { queue: "big", timeLimit: "1h" })({ seed: seed + 1 });
      const cleaned = await Promise.all([rows, more].map((all) => clean({ rows: all })));
      return fit({ rows: cleaned.flat() });
    });
  `,
  "prepare.ts": `
    import { pipeline, step } from "reprise";
    export const load = step(async ({ seed }: { seed: number }) => [seed]);
    const fit = step.queue("gpu")(async ({ rows }: { rows: number[] }) => rows);
    const limit = 10;
    export const clean = pipeline({ name: "clean up", queue: "small" }, async ({ rows }: { rows: number[] }) => {
      const fitted = await fit({ rows });
      return fitted.filter((n) => n < limit);
    });
    export default pipeline("prepare", async ({ seed, size = 3 }: { seed: number; size?: number }) => {
      const rows = await load({ seed });
      return clean({ rows: rows.slice(0, size) });
    });
  `,
};

describe("a pipeline that calls pipelines", () => {
  test("has them in a table, each once, with name, options, schemas and graph of its own", async () => {
    const { pipeline } = await compiled(two);
    expect(Object.keys(pipeline.pipelines ?? {})).toEqual(["prepare", "clean up"]);
    expect(definitionOf(pipeline, "prepare")).toMatchObject({
      name: "prepare",
      options: controller,
      at: "prepare.ts:10:20",
      params: { properties: { seed: { type: "number" }, size: { type: "number", default: 3 } }, required: ["seed"] },
      result: { type: "array", items: { type: "number" } },
      graph: { order: "sequence", module: [] },
    });
    expect(definitionOf(pipeline, "clean up")).toMatchObject({ options: { ...controller, queue: "small" } });
    expect(definitionOf(pipeline, "clean up")!.graph.module).toHaveLength(1);
    expect(definitionOf(pipeline, "train")).toBe(pipeline);
    expect(definitionOf(pipeline, "constructor")).toBeUndefined();
  });

  test("shares its templates with them, those of equal names told apart", async () => {
    const { pipeline } = await compiled(two);
    expect(Object.keys(pipeline.templates)).toEqual(["prepare", "prepare$2", "clean up", "fit", "load", "fit$2"]);
    expect(pipeline.templates).toMatchObject({
      prepare: { kind: "pipeline", pipeline: "prepare", options: controller, at: "prepare.ts:10:20" },
      prepare$2: { pipeline: "prepare", options: { type: "controller", queue: "big", timeLimitMs: 3_600_000 } },
      "clean up": { kind: "pipeline", pipeline: "clean up", options: { queue: "small" } },
      fit: { kind: "code", options: { queue: "default" } },
      fit$2: { kind: "code", options: { queue: "gpu" } },
    });
  });

  test("compiles to the same bytes each time", async () => {
    expect((await compiled(two)).text).toBe((await compiled(two)).text);
  });

  test("may call itself, others that call it, and one of the same name", async () => {
    const { pipeline } = await compiled({
      "pipeline.ts": `
        import { pipeline } from "reprise";
        import { even as other, odd } from "./odd.ts";
        export const even = pipeline("even", async ({ n }: { n: number }): Promise<boolean> =>
          n === 0 || (n > 100 ? other({ n }) : n > 50 ? even({ n: n - 2 }) : odd({ n: n - 1 })));
      `,
      "odd.ts": `
        import { pipeline } from "reprise";
        import { even as back } from "./pipeline.ts";
        export const odd = pipeline("odd", async ({ n }: { n: number }): Promise<boolean> => n > 0 && back({ n: n - 1 }));
        export const even = pipeline("even", async ({ n }: { n: number }) => n % 2 === 0);
      `,
    });
    expect(Object.keys(pipeline.pipelines ?? {})).toEqual(["even$2", "odd"]);
    expect(pipeline.templates).toMatchObject({
      even: { kind: "pipeline", pipeline: "even$2" },
      even$2: { kind: "pipeline", pipeline: "even" },
      odd: { kind: "pipeline", pipeline: "odd" },
    });
    expect(definitionOf(pipeline, "even$2")!.name).toBe("even");
  });

  test("names the problems of all of them at once, each where it is", async () => {
    const problems = await problemsOf({
      "pipeline.ts": `
        import { pipeline } from "reprise";
        import { inner } from "./inner.ts";
        export default pipeline("outer", async () => { const data = await inner({ n: 1 }); return [data, process.pid]; });
      `,
      "inner.ts": `
        import { pipeline } from "reprise";
        export const inner = pipeline("inner", async ({ n }: { n: number }) => ({ n, f: globalThis.fetch("/") , fn: () => n }));
      `,
    });
    expect(problems.map(({ number, place }) => `${number} ${place.split(":").slice(0, 2).join(":")}`)).toEqual(
      expect.arrayContaining(["RP3002 pipeline.ts:4", "RP3002 inner.ts:3", "RP2001 inner.ts:3"]),
    );
  });

  test("calls only what stands at the top of a module, in a const", async () => {
    const problems = await problemsOf(`
      import { pipeline } from "reprise";
      let changing = pipeline("changing", async () => 1);
      export default pipeline("outer", async () => changing());
    `);
    expect(problems.map(({ number, message }) => `${number} ${message}`)).toEqual([
      'RP1011 The pipeline "changing" is held by a variable that may change.',
    ]);
  });
});
