import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Artifact, pipeline, step, Task, ValueError, withOptions } from "../../src/dsl/index.ts";
import { type CallInterceptor, callInterceptor, type StepContext, stepContext } from "../../src/model/context.ts";

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  vi.spyOn(console, "log").mockImplementation((_format: string, line: string) => void printed.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("input and output are copied", () => {
  const seen: { rows: number[] }[] = [];
  const keep = step(async (input: { rows: number[] }) => {
    seen.push(input);
    input.rows.push(4);
    return input;
  });

  test("a step cannot change what its caller holds, nor the caller what the step holds", async () => {
    const given = { rows: [1, 2, 3] };
    const back = await keep(given);
    back.rows.push(5);
    expect(given.rows).toEqual([1, 2, 3]);
    expect(seen.at(-1)?.rows).toEqual([1, 2, 3, 4]);
    expect(back.rows).toEqual([1, 2, 3, 4, 5]);
  });

  test("the input is what it was at the call, whatever happens to it later", async () => {
    const late = step(async ({ rows }: { rows: number[] }) => {
      await null;
      return rows;
    });
    const given = { rows: [1] };
    const promise = late(given);
    given.rows.push(2);
    expect(await promise).toEqual([1]);
  });

  test("values that JSON loses are kept", async () => {
    const echo = step(async ({ value }: { value: unknown }) => value);
    const value = { map: new Map([["a", new Set([1n])]]), at: new Date(0), none: undefined, nan: Number.NaN, zero: -0 };
    expect(await echo({ value })).toEqual(value);
  });

  test("params and result of a pipeline too", async () => {
    const p = pipeline("copies", async ({ rows }: { rows: number[] }) => {
      rows.push(2);
      return { rows };
    });
    const given = { rows: [1] };
    expect(await p(given)).toEqual({ rows: [1, 2] });
    expect(given.rows).toEqual([1]);
  });
});

describe("what cannot be passed is refused with step and place", () => {
  const echo = step(async ({ value }: { value: unknown }) => value);

  test("an input", async () => {
    const refused = echo({ value: { f: () => 1 } });
    await expect(refused).rejects.toBeInstanceOf(ValueError);
    await expect(refused).rejects.toThrow(
      /^the input of step "echo" \(at \.value\.f\) cannot be passed between steps:/,
    );
  });

  test("an output", async () => {
    const make = step({ name: "make a class" }, async () => ({ it: new (class Thing {})() }));
    await expect(make()).rejects.toThrow(/^the output of step "make a class" \(at \.it\) cannot be passed/);
  });

  test("params and result of a pipeline", async () => {
    const p = pipeline("odd", async ({ value }: { value: unknown }) => value ?? Symbol("s"));
    await expect(p({ value: () => 1 })).rejects.toThrow(/^the params of pipeline "odd" \(at \.value\)/);
    await expect(p({ value: null })).rejects.toThrow(/^the result of pipeline "odd" cannot be passed/);
  });

  test("by a rejection, never by a throw at the call", async () => {
    const promise = echo({ value: () => 1 });
    expect(promise).toBeInstanceOf(Promise);
    await expect(promise).rejects.toThrow();
  });
});

describe("errors", () => {
  class OutOfMilkError extends Error {
    code = 7;
  }

  test("come through as they were thrown", async () => {
    const error = new OutOfMilkError("no milk");
    const fail = step(async () => {
      throw error;
    });
    await expect(fail()).rejects.toBe(error);
    await expect(pipeline("fails", async () => fail())()).rejects.toBe(error);
  });

  test("a function that throws before it gives a promise rejects", async () => {
    const fail = step((): Promise<number> => {
      throw new OutOfMilkError("at once");
    });
    await expect(fail()).rejects.toThrow("at once");
  });

  test("retry is not applied", async () => {
    let attempts = 0;
    const fail = step.retry(3)(async () => {
      attempts += 1;
      throw new Error("always");
    });
    await expect(fail()).rejects.toThrow("always");
    expect(attempts).toBe(1);
  });
});

test("a step that is passed as a value takes the first argument only", async () => {
  const double = step(async (...args: [row: { n: number }]) => args.length * 10 + args[0].n);
  expect(await Promise.all([{ n: 1 }, { n: 2 }].map(double))).toEqual([11, 12]);
});

test("a pipeline with loop, catch and fan-out runs as the function that it is", async () => {
  const inc = step(async ({ n }: { n: number }) => {
    if (n === 2) throw new RangeError("two");
    return n + 1;
  });
  const p = pipeline("plain", async ({ n }: { n: number }) => {
    const seen: string[] = [];
    while (n < 4) {
      try {
        n = await inc({ n });
      } catch (error) {
        seen.push((error as Error).name);
        n += 1;
      }
    }
    return { seen, n, more: await Promise.all([n, n + 1].map(async (m) => inc({ n: m }))) };
  });
  expect(await p({ n: 0 })).toEqual({ seen: ["RangeError"], n: 4, more: [5, 6] });
});

describe("Task.current()", () => {
  test("in a plain call is a stand-in that prints", async () => {
    const train = step(async () => {
      const task = Task.current();
      task.scalar("accuracy", "train", 0.75, 3);
      task.progress(0.5);
      task.log("%d rows", 344, { complete: true });
      await task.artifact("model", { depth: 2 });
      await task.artifact("bytes", new Uint8Array(2_500));
      return { name: task.name, attempt: task.attempt, aborted: task.signal.aborted };
    });
    expect(await train()).toEqual({ name: "train", attempt: 1, aborted: false });
    expect(printed).toEqual([
      "[train] accuracy / train at 3: 0.75",
      "[train] 50 %",
      "[train] 344 rows { complete: true }",
      "[train] artifact model: 15 bytes",
      "[train] artifact bytes: 2.5 kB",
    ]);
  });

  test("in a plain call keeps artifacts, which are read by the next step and by whoever has the result", async () => {
    const make = step(async () => {
      const task = Task.current();
      const model = await task.model("tree", { depth: 2 }, { framework: "cart" });
      await task.artifact("text", "größe");
      return { task: task.id, model };
    });
    const look = step(async ({ task, model }: { task: string; model: Artifact }) => ({
      depth: (await model.json<{ depth: number }>()).depth,
      text: await (await Task.current().artifactOf(task, "text"))?.text(),
      none: await Task.current().artifactOf(task, "none"),
    }));
    const whole = pipeline("whole", async () => {
      const { task, model } = await make();
      return { seen: await look({ task, model }), model };
    });
    const { seen, model } = await whole();
    expect(seen).toEqual({ depth: 2, text: "größe", none: undefined });
    expect(model).toMatchObject({ name: "tree", kind: "json", bytes: 15, model: { framework: "cart" } });
    expect(await model.text()).toBe('{\n "depth": 2\n}');
  });

  test("refuses a plot that is none, a name that leads elsewhere and a file that is not there", async () => {
    const bad = (act: () => unknown) => step(async () => void (await act()))();
    await expect(bad(() => Task.current().plot("loss", { data: {} }))).rejects.toThrow("has one of mark, layer");
    await expect(bad(() => Task.current().artifact("../x", ""))).rejects.toThrow('"../x" cannot name an artifact');
    await expect(bad(() => Task.current().artifact("x", "/no/such", { kind: "file" }))).rejects.toThrow(
      'the artifact "x": /no/such cannot be read (ENOENT)',
    );
  });

  test("is each call's own, also of calls at the same time", async () => {
    const key = step(async () => {
      const before = Task.current().idempotencyKey;
      await null;
      return [before, Task.current().idempotencyKey] as const;
    });
    const [a, b] = await Promise.all([key(), key()]);
    expect(a[0]).toBe(a[1]);
    expect(b[0]).toBe(b[1]);
    expect(a[0]).not.toBe(b[0]);
  });

  test("outside of a step throws a sentence", async () => {
    expect(() => Task.current()).toThrow(/^Task\.current\(\) was called where no step runs: call it inside a step/);
    await expect(pipeline("odd", async () => Task.current().name)()).rejects.toThrow("where no step runs");
  });

  test("in a run is the context that was bound", async () => {
    const scalars: unknown[] = [];
    const bound = {
      name: "bound",
      scalar: (...args) => void scalars.push(args),
    } as Partial<StepContext> as StepContext;
    const train = step(async () => Task.current().scalar("loss", "train", 1, 2));
    await stepContext.run(bound, () => train());
    expect(scalars).toEqual([["loss", "train", 1, 2]]);
    expect(printed).toEqual([]);
  });
});

test("a step that another step calls runs in that step's task, on copies", async () => {
  const inner = step(async ({ rows }: { rows: number[] }) => {
    rows.push(2);
    return Task.current().name;
  });
  const outer = step(async () => {
    const rows = [1];
    return { name: await inner({ rows }), rows };
  });
  expect(await outer()).toEqual({ name: "outer", rows: [1] });
});

describe("an interceptor", () => {
  const inner = step(async ({ n }: { n: number }) => n + 1);
  const outer = step({ name: "outside" }, async ({ n }: { n: number }) => inner({ n }));

  test("gets each call with its name and copied input, and says when it ends", async () => {
    const calls: [string, unknown][] = [];
    const held = Promise.withResolvers<void>();
    const given = { n: 1 };
    const result = callInterceptor.run(
      {
        async call(name, input, run) {
          calls.push([name, input]);
          await held.promise;
          return run(input);
        },
      },
      () => pipeline("held", async () => Promise.all([outer(given), inner({ n: 5 })]))(),
    );
    expect(calls).toEqual([
      ["outside", { n: 1 }],
      ["inner", { n: 5 }],
    ]);
    expect(calls[0]?.[1]).not.toBe(given);
    held.resolve();
    expect(await result).toEqual([2, 6]);
  });

  test("holds a pipeline that a pipeline calls: before it begins, and when it has ended", async () => {
    const notes: string[] = [];
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const interceptor: CallInterceptor = {
      call(name, input, run) {
        notes.push(`${name} ${JSON.stringify(input)}`);
        return run(input);
      },
      async pipeline(name, params, run) {
        notes.push(`${name} ${JSON.stringify(params)}`);
        await gates[0].promise;
        const result = await run(params);
        notes.push(`${name} ended`);
        await gates[1].promise;
        return result;
      },
    };
    const called = pipeline("called", async ({ n }: { n: number }) => (await inner({ n })) + (await deeper({ n })));
    const deeper = pipeline("deeper", async ({ n }: { n: number }) => n * 10);
    const result = callInterceptor.run(interceptor, () => pipeline("outermost", async () => called({ n: 1 }))());
    await Promise.resolve();
    expect(notes).toEqual(['called {"n":1}']);
    gates[0].resolve();
    await expect.poll(() => notes).toEqual(['called {"n":1}', 'inner {"n":1}', 'deeper {"n":1}', "deeper ended"]);
    gates[1].resolve();
    expect(await result).toBe(12);
    expect(notes.at(-1)).toBe("called ended");
  });

  test("does not hear of pipelines that a step calls", async () => {
    const called = pipeline("called", async ({ n }: { n: number }) => n);
    const caller = step(async () => called({ n: 3 }));
    const interceptor: CallInterceptor = {
      call: (_name, input, run) => run(input),
      pipeline: () => Promise.reject(new Error("heard")),
    };
    expect(await callInterceptor.run(interceptor, () => pipeline("outer", async () => caller())())).toBe(3);
  });

  test("does not hear of steps that a step calls", async () => {
    const calls: string[] = [];
    const interceptor = {
      call(name: string, input: unknown, run: (input: unknown) => Promise<unknown>) {
        calls.push(name);
        return run(input);
      },
    };
    expect(await callInterceptor.run(interceptor, () => outer({ n: 1 }))).toBe(2);
    expect(calls).toEqual(["outside"]);
  });

  test("gives the caller its own promise, which settles without further ticks", () => {
    const own = Promise.resolve(1);
    expect(callInterceptor.run({ call: () => own }, () => inner({ n: 1 }))).toBe(own);
  });
});

describe("withOptions", () => {
  const train = step.queue("cpu")(async ({ n }: { n: number }) => n * 2);

  test("runs the same function", async () => {
    expect(await withOptions(train, { queue: "gpu", name: "big train" })({ n: 4 })).toBe(8);
  });

  test("refuses what is neither step nor pipeline", () => {
    expect(() => withOptions(async () => 1, { queue: "gpu" })).toThrow(
      /takes a step or a pipeline: make the function a/,
    );
  });
});
