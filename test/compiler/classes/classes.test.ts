/** Pipelines that are classes, in files of their authors. */
import { beforeAll, describe, expect, test } from "vitest";
import { listPipelines } from "../../../src/compiler/compile.ts";
import { handEncoder } from "../../../src/model/encoder.ts";
import type { Pipeline } from "../../../src/model/pipeline.ts";
import type { CodeTemplate } from "../../../src/model/template.ts";
import { withoutPlaces } from "../../doors/doors.ts";
import { compiled, project } from "../project.ts";

const codeOf = (pipeline: Pipeline, step: string): string =>
  pipeline.bundles[(pipeline.templates[step] as CodeTemplate).bundle]?.code ?? "";

describe("a class and the function that means the same have one graph", () => {
  const same: Record<string, { asClass: string; asCode: string }> = {
    "methods and functions, constants and fields, by whatever name": {
      asClass: `
        import { pipeline, step } from "reprise";
        @pipeline("same")
        export default class Same {
          static readonly most = 3;
          readonly names = ["a", "b"];
          readonly #least = 1;
          readonly half = (n: number) => n / 2;
          @step async fit({ n }: { n: number }) { return n; }
          async fitTwice(n: number) { return (await this.fit({ n })) + (await this.fit({ n: this.twice(n) })); }
          private twice(n: number): number { return n > Same.most ? n : this.#same(n) * 2; }
          #same(n: number) { return n; }
          async run({ n = 1 }: { n?: number }) {
            const first = await this.fitTwice(n);
            const lifted = this.twice(await this.fit({ n: this.half(first) }));
            const all = await Promise.all(this.names.map((name) => this.fit({ n: name.length + this.#least })));
            const values = await Promise.all([{ n: 1 }].map(this.fit));
            return { first, lifted, all, values };
          }
        }`,
      asCode: `
        import { pipeline, step } from "reprise";
        const most = 3;
        const names = ["a", "b"];
        const least = 1;
        const half = (n: number) => n / 2;
        const fit = step(async ({ n }: { n: number }) => n);
        async function fitTwice(n: number) { return (await fit({ n })) + (await fit({ n: twice(n) })); }
        function twice(n: number): number { return n > most ? n : same(n) * 2; }
        function same(n: number) { return n; }
        export default pipeline("same", async ({ n = 1 }: { n?: number }) => {
          const first = await fitTwice(n);
          const lifted = twice(await fit({ n: half(first) }));
          const all = await Promise.all(names.map((name) => fit({ n: name.length + least })));
          const values = await Promise.all([{ n: 1 }].map(fit));
          return { first, lifted, all, values };
        });`,
    },
    "options, handles, and options for one call": {
      asClass: `
        import { pipeline, start, step, withOptions } from "reprise";
        const gpu = step({ queue: "gpu" });
        @(pipeline.timeLimit("1h").project("p"))
        export class Same {
          @gpu async fit({ n }: { n: number }) { return n; }
          @(step.retry(1).name("a name for people")) async named() { return 1; }
          async run() {
            const handle = start(this.fit, { n: 1 });
            const onCpu = await withOptions(this.fit, { queue: "cpu" })({ n: 2 });
            return [await handle.result(), onCpu, await this.named()];
          }
        }`,
      asCode: `
        import { pipeline, start, step, withOptions } from "reprise";
        const fit = step.queue("gpu")(async ({ n }: { n: number }) => n);
        const named = step({ name: "a name for people", retry: 1 }, async () => 1);
        export default pipeline.timeLimit("1h").project("p")("Same", async () => {
          const handle = start(fit, { n: 1 });
          const onCpu = await withOptions(fit, { queue: "cpu" })({ n: 2 });
          return [await handle.result(), onCpu, await named()];
        });`,
    },
    "pipelines that call pipelines, themselves among them": {
      asClass: `
        import { pipeline, step } from "reprise";
        @pipeline("prepare")
        class Prepare {
          @step async load({ n }: { n: number }) { return n; }
          async run({ n }: { n: number }) { return await this.load({ n }); }
        }
        const another = new Prepare();
        @pipeline("main")
        export default class Main {
          async run({ depth = 2 }: { depth?: number }): Promise<number> {
            const prepared = await new Prepare().run({ n: depth });
            const other = await another.run({ n: prepared });
            if (depth === 0) return other;
            return await this.run({ depth: depth - 1 });
          }
        }`,
      asCode: `
        import { pipeline, step } from "reprise";
        const load = step(async ({ n }: { n: number }) => n);
        const prepare = pipeline("prepare", async ({ n }: { n: number }) => { return await load({ n }); });
        const main = pipeline("main", async ({ depth = 2 }: { depth?: number }): Promise<number> => {
          const prepared = await prepare({ n: depth });
          const other = await prepare({ n: prepared });
          if (depth === 0) return other;
          return await main({ depth: depth - 1 });
        });
        export default main;`,
    },
  };

  test.each(Object.entries(same))("%s", async (_, { asClass, asCode }) => {
    const [ofClass, ofCode] = [await compiled(asClass), await compiled(asCode)];
    const plain = (pipeline: Pipeline) =>
      JSON.parse(
        JSON.stringify(withoutPlaces(pipeline))
          .replaceAll(/Same\.|#/g, "")
          .replaceAll("main(", "run("),
      );
    expect(plain(ofClass.pipeline)).toEqual(plain(ofCode.pipeline));
  });
});

describe("classes in several files", () => {
  const files = {
    "pipeline.ts": `
      import { pipeline, step } from "reprise";
      import { Training } from "./training.ts";
      import { Base } from "./base.ts";
      @pipeline("a") export class A extends Training {
        override readonly factor = 3;
        protected override describe(n: number) { return "A: " + super.describe(n); }
      }
      @pipeline({ name: "b" }) export default class extends Base<{ rows: number[] }> {
        @step async fit({ rows }: { rows: number[] }) { return rows.length; }
        async again() { return await new A().run({ n: 1 }); }
        async run(params: { rows: number[] }) {
          await this.again();
          return { ...(await this.keep(params)), fit: await this.fit(params) };
        }
      }`,
    "training.ts": `
      import { Base } from "./base.ts";
      import { step } from "reprise";
      import { heavy } from "./heavy.ts";
      export abstract class Training extends Base<{ n: number }> {
        readonly factor: number = 2;
        @step async fit({ n }: { n: number }) { return { fitted: this.scaled(n) }; }
        @step async heavy() { return heavy(); }
        @step async both({ n }: { n: number }) { return [await this.fit({ n }), await this.heavy()]; }
        scaled(n: number) { return n * this.factor; }
        protected describe(n: number) { return "n = " + n; }
        async run({ n }: { n: number }) {
          const { fitted } = await this.fit({ n });
          return [fitted, this.describe(n), await this.keep({ n }), await this.heavy(), await this.both({ n })];
        }
      }`,
    "base.ts": `
      import { step } from "reprise";
      export class Base<T extends object> {
        @step async keep(value: T) { return value; }
      }`,
    "heavy.ts": `export const heavy = () => "a heavy load";`,
  };
  let pipeline: Pipeline;
  beforeAll(async () => {
    ({ pipeline } = await compiled(files));
  });

  test("are listed by their names", async () => {
    expect(await listPipelines(`${project(files)}/pipeline.ts`)).toEqual([
      { name: "a", export: "A", at: "pipeline.ts:5:7" },
      { name: "b", export: "default", at: "pipeline.ts:9:7" },
    ]);
  });

  test("a step that two classes have is one of each, typed as each has it", () => {
    const input = (name: string) => (pipeline.templates[name] as CodeTemplate).input;
    expect(Object.keys(pipeline.templates)).toEqual(["a", "keep", "fit", "fit$2", "keep$2", "heavy", "both"]);
    expect(input("keep")).toMatchObject({ properties: { rows: { type: "array" } } });
    expect(input("keep$2")).toMatchObject({ properties: { n: { type: "number" } } });
    expect(pipeline.pipelines?.a).toMatchObject({ params: { properties: { n: { type: "number" } } } });
  });

  test("a step takes along what it reaches, and nothing else", () => {
    expect(codeOf(pipeline, "fit$2")).toContain("scaled(n)");
    expect(codeOf(pipeline, "fit$2")).toContain("factor = 3");
    expect(codeOf(pipeline, "fit$2")).not.toMatch(/heavy|describe|keep|__decorate/);
    expect(codeOf(pipeline, "keep")).not.toMatch(/fit|scaled|again/);
    expect(codeOf(pipeline, "heavy")).toContain("a heavy load");
  });

  test("the steps that a step calls are steps in it too", async () => {
    const code = codeOf(pipeline, "both");
    expect(code).toContain("a heavy load");
    handEncoder();
    const { both } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    expect(await both({ n: 2 })).toEqual([{ fitted: 6 }, "a heavy load"]);
  });
});

describe("what a step takes along, where it does not say so by name", () => {
  const withStep = async (step: string) =>
    codeOf(
      (
        await compiled(`
          import { pipeline, step } from "reprise";
          const nameOf = (o: object) => Object.keys(o);
          @pipeline export default class P {
            static made = 0;
            readonly limit = 5;
            constructor() { P.made += 1; }
            helper(): number { return 1; }
            ${step}
            async run() { return await this.one(); }
          }`)
      ).pipeline,
      "one",
    );

  test.each([
    ["a step that takes itself apart", "@step async one() { const { limit } = this; return limit; }"],
    ["a step that passes itself on", "@step async one() { return nameOf(this); }"],
    ["a step that passes its class on", "@step async one() { return nameOf(P); }"],
  ])("%s takes all of the class", async (_, step) => {
    expect(await withStep(step)).toMatch(/limit = 5[\s\S]*helper\(\)/);
  });

  test("the constructor goes along, and what it reaches", async () => {
    const code = await withStep("@step async one() { return 1; }");
    expect(code).toMatch(/static made = 0[\s\S]*P\.made \+= 1/);
    expect(code).not.toMatch(/helper|limit/);
  });
});

test("a class leaves the bundle of a function beside it, and the other way round", async () => {
  const { pipeline } = await compiled(`
    import { pipeline, step } from "reprise";
    const outside = step(async () => "a function");
    @pipeline("both") export default class Both {
      @step async inside() { return "a method"; }
      async run() { return [await outside(), await this.inside()]; }
    }`);
  expect(codeOf(pipeline, "outside")).not.toMatch(/class|a method/);
  expect(codeOf(pipeline, "inside")).not.toContain("a function");
});
