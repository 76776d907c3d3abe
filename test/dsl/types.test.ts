/** What is inferred, and what is refused. The type checker reads this file; the calls themselves are never made. */
import { describe, expectTypeOf, test } from "vitest";
import { type Options, pipeline, step, Task, withOptions } from "../../src/dsl/index.ts";
import type { Reprise } from "../../src/open.ts";

type Row = { depth: number; label?: string };

describe("what comes back has the type of what was passed in", () => {
  test("of one object, with its optional fields", () => {
    const fit = step(async ({ row }: { row?: Row }) => row?.depth);
    expectTypeOf(fit).toEqualTypeOf<(input: { row?: Row }) => Promise<number | undefined>>();
  });

  test("of nothing", () => {
    const load = step(async () => [1, 2, 3]);
    expectTypeOf(load).toEqualTypeOf<() => Promise<number[]>>();
    expectTypeOf(load).parameters.toEqualTypeOf<[]>();
  });

  test("of an object that may be left out", () => {
    const fit = step(async ({ depth = 1 }: { depth?: number } = {}) => depth);
    expectTypeOf(fit).parameters.toEqualTypeOf<[input?: { depth?: number }]>();
  });

  test("of an interface, and with a return type of one's own", () => {
    interface Input {
      depth: number;
    }
    const fit = step(async (input: Input): Promise<Row> => input);
    expectTypeOf(fit).toEqualTypeOf<(input: Input) => Promise<Row>>();
  });

  test("generic, by each of the three ways", () => {
    const first = step(async <T>({ items }: { items: T[] }) => items[0]);
    const second = step({ queue: "gpu" }, async <T>({ items }: { items: T[] }) => items[0]);
    const third = step.queue("gpu").retry(2)(async <T>({ items }: { items: T[] }) => items[0]);
    const strings = { items: ["a"] };
    expectTypeOf(first).returns.toEqualTypeOf<Promise<unknown>>();
    expectTypeOf<typeof first<string>>().toEqualTypeOf<(input: typeof strings) => Promise<string | undefined>>();
    expectTypeOf<typeof second<string>>().toEqualTypeOf<(input: typeof strings) => Promise<string | undefined>>();
    expectTypeOf<typeof third<string>>().toEqualTypeOf<(input: typeof strings) => Promise<string | undefined>>();
  });

  test("a step that always throws", () => {
    const fail = step(async () => {
      throw new Error("always");
    });
    expectTypeOf(fail).toEqualTypeOf<() => Promise<never>>();
  });

  test("a pipeline by name, by options, and by a chain", () => {
    type Body = (params: { depth?: number }) => Promise<{ depth: number }>;
    const body: Body = async ({ depth = 1 }) => ({ depth });
    expectTypeOf(pipeline("nightly", body)).toEqualTypeOf<Body>();
    expectTypeOf(pipeline({ name: "nightly", tags: ["a"] }, body)).toEqualTypeOf<Body>();
    expectTypeOf(pipeline.queue("services").timeLimit("1h")("nightly", body)).toEqualTypeOf<Body>();
  });

  test("with other options for one call", () => {
    const fit = step(async <T>({ items }: { items: T[] }) => items);
    const onGpu = withOptions(fit, { queue: "gpu" });
    expectTypeOf<typeof onGpu<string>>().toEqualTypeOf<(input: { items: string[] }) => Promise<string[]>>();
  });
});

test("a pipeline that is called, and a run of it, give its result; params may be left out where all are optional", () => {
  const prepare = pipeline("prepare", async ({ seed = 7 }: { seed?: number }) => [seed]);
  const needs = pipeline("needs", async ({ n }: { n: number }) => n);
  const program = async (reprise: Reprise) => {
    expectTypeOf(await prepare({})).toEqualTypeOf<number[]>();
    expectTypeOf(await (await reprise.start(prepare)).result()).toEqualTypeOf<number[]>();
    expectTypeOf(await (await reprise.start(needs, { n: 1 }, { id: "a" })).result()).toEqualTypeOf<number>();
    // @ts-expect-error no text
    await reprise.start(prepare, { seed: "1" });
    // @ts-expect-error the params are missing
    await reprise.start(needs);
  };
  void program;
});

describe("what is refused", () => {
  const refused = (_use: () => unknown) => {};

  test("a step that is not async", () => {
    // @ts-expect-error a step is an async function
    refused(() => step(() => 1));
    // @ts-expect-error a step is an async function
    refused(() => step({ queue: "gpu" }, (row: Row) => row));
    // @ts-expect-error a step is an async function
    refused(() => step.retry(2)((row: Row) => row));
    // @ts-expect-error a pipeline is an async function
    refused(() => pipeline("nightly", () => 1));
  });

  test("an input that is not one object", () => {
    // @ts-expect-error takes one object, or nothing
    refused(() => step(async (depth: number) => depth));
    // @ts-expect-error takes one object, or nothing
    refused(() => step(async (input: unknown) => input));
    // @ts-expect-error takes one object, or nothing
    refused(() => step(async (row: Row, depth: number) => [row, depth]));
  });

  test("an input without a type", () => {
    // @ts-expect-error implicitly any
    refused(() => step(async (input) => input));
  });

  test("what is no function", () => {
    // @ts-expect-error made of an async function
    refused(() => step(1));
    // @ts-expect-error options alone make a decorator, which is no step
    refused(() => step({ queue: "gpu" })());
    // @ts-expect-error not a step
    refused(() => withOptions(1, {}));
  });

  test("options that do not exist or have another type", () => {
    // @ts-expect-error queu
    refused(() => step({ queu: "gpu" }, async () => 1));
    // @ts-expect-error not a duration
    refused(() => step.timeLimit("1 hour"));
    // @ts-expect-error not a type of task
    refused(() => step.type("anything"));
    // @ts-expect-error an option that is called has a value
    refused(() => step.queue());
  });

  test("a call with the wrong input", () => {
    const train = step(async ({ depth }: Row) => depth);
    // @ts-expect-error a string is no depth
    refused(() => train({ depth: "1" }));
    // @ts-expect-error the input is missing
    refused(() => train());
    // @ts-expect-error an excess field
    refused(() => train({ depth: 1, width: 2 }));
  });

  test("a task of neither a script nor a command, or of both", () => {
    const made = () => [
      Task.create({ script: "train.ts", parameters: { rate: 0.1 } }),
      Task.create({ command: "python train.py", folder: "src" }),
      Task.create({ command: ["python", "train.py"] }),
    ];
    expectTypeOf(made).returns.toEqualTypeOf<Promise<Task>[]>();
    // @ts-expect-error it has nothing to run
    refused(() => Task.create({ name: "train" }));
    // @ts-expect-error one of them
    refused(() => Task.create({ script: "train.ts", command: "python train.py" }));
    // @ts-expect-error a script is bundled, and has no folder
    refused(() => Task.create({ script: "train.ts", folder: "src" }));
  });
});

test("every option is a method that takes its value", () => {
  expectTypeOf<keyof Options>().toExtend<keyof typeof step>();
  expectTypeOf(step.priority).parameters.toEqualTypeOf<[value: number]>();
  expectTypeOf(step.queue("gpu")).toEqualTypeOf<typeof step>();
  expectTypeOf(pipeline.tags(["a"])).toEqualTypeOf<typeof pipeline>();
});
