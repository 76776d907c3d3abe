/** What the class door infers and refuses. The type checker reads this file; the classes are never made. */
import { describe, expectTypeOf, test } from "vitest";
import { pipeline, step, withOptions } from "../../../src/dsl/index.ts";

describe("what is decorated keeps its type", () => {
  test("under each of the three ways, inherited, and of an open type", () => {
    abstract class Steps<Row extends object> {
      @step async split({ seed }: { seed?: number } = {}) {
        return { train: [seed] };
      }
      @step async keep(row: Row) {
        return row;
      }
      @step.retry(2) async kept({ rows }: { rows: Row[] }) {
        return rows;
      }
    }
    @pipeline("nightly")
    class Nightly extends Steps<{ depth: number }> {
      @step({ queue: "gpu", retry: 2 }) async fit({ rows }: { rows: number[] }) {
        return rows.length;
      }
      @(step.queue("gpu").retry(2)) async first<T>({ items }: { items: T[] }) {
        return items[0];
      }
      async run({ target = 1 }: { target?: number }) {
        expectTypeOf(await this.split()).toEqualTypeOf<{ train: (number | undefined)[] }>();
        expectTypeOf(await this.keep({ depth: 1 })).toEqualTypeOf<{ depth: number }>();
        expectTypeOf(await withOptions(this.fit, { queue: "cpu" })({ rows: [1] })).toEqualTypeOf<number>();
        expectTypeOf(await this.first({ items: ["a"] })).toEqualTypeOf<string | undefined>();
        // @ts-expect-error a text is no list of numbers
        await this.fit({ rows: "a" });
        // @ts-expect-error there is no such step
        await this.fits({ rows: [1] });
        // @ts-expect-error the input is missing
        await this.fit();
        return { target };
      }
    }
    expectTypeOf(new Nightly().run).toEqualTypeOf<(params: { target?: number }) => Promise<{ target: number }>>();
  });

  test("a class under each of the three ways, without params too", () => {
    @pipeline
    class Bare {
      async run() {}
    }
    @pipeline({ name: "whole", tags: ["a"] })
    class Whole {
      async run({ n = 1 }: { n?: number } = {}) {
        return n;
      }
    }
    @(pipeline.queue("services").timeLimit("1h"))
    class Chained {
      readonly limit: number;
      constructor(limit = 1) {
        this.limit = limit;
      }
      async run() {
        return this.limit;
      }
    }
    expectTypeOf([Bare, Whole, Chained]).toBeArray();
  });
});

describe("what is refused", () => {
  const refused = (_use: () => unknown) => {};

  test("a step that is not async, or does not take one object", () => {
    refused(() => {
      class Wrong {
        // @ts-expect-error a step is an async function
        @step sync() {
          return 1;
        }
        // @ts-expect-error a step is an async function
        @step({ retry: 1 }) async *many() {
          yield 1;
        }
        // @ts-expect-error a step takes one object, or nothing
        @step async number(n: number) {
          return n;
        }
        // @ts-expect-error a step takes one object, or nothing
        @step.retry(1) async two(n: { n: number }, m: number) {
          return [n, m];
        }
        // @ts-expect-error made of an async function
        @step field = 1;
      }
      return Wrong;
    });
  });

  test("options that do not exist or have another type", () => {
    refused(() => {
      class Wrong {
        // @ts-expect-error queu
        @step({ queu: "gpu" }) async one() {}
        // @ts-expect-error not a duration
        @step.timeLimit("1 hour") async two() {}
      }
      return Wrong;
    });
  });

  test("a class without a body, with one that is none, or that needs arguments", () => {
    refused(() => {
      // @ts-expect-error the class of a pipeline has a method run
      @pipeline
      class NoBody {
        async runs() {}
      }
      // @ts-expect-error a pipeline is an async function
      @pipeline("sync")
      class NotAsync {
        run() {}
      }
      // @ts-expect-error a pipeline takes one object, or nothing
      @pipeline({ tags: [] })
      class NoObject {
        async run(n: number) {
          return n;
        }
      }
      // @ts-expect-error the class of a pipeline is made without arguments
      @pipeline.queue("services")
      class Needs {
        constructor(n: number) {
          console.log(n);
        }
        async run() {}
      }
      // @ts-expect-error the class of a pipeline is made without arguments
      @pipeline
      abstract class Abstract {
        async run() {}
      }
      return [NoBody, NotAsync, NoObject, Needs, Abstract];
    });
  });
});
