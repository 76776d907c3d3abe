/** A class pipeline called plainly. */
import { describe, expect, test } from "vitest";
import { declarationOf } from "../../../src/dsl/declaration.ts";
import { pipeline, step, Task, withOptions } from "../../../src/dsl/index.ts";
import { type CallInterceptor, callInterceptor } from "../../../src/model/context.ts";

abstract class Steps {
  readonly factor: number = 2;
  count = 0;

  @step async twice({ n }: { n: number }) {
    this.count += 1;
    return { n: n * this.factor, count: this.count };
  }

  @(step.queue("gpu").retry(2)) async who() {
    return Task.current().name;
  }
}

@pipeline({ project: "examples" })
class Doubling extends Steps {
  override readonly factor = 3;

  @step({ name: "a name for people" }) async add({ ns }: { ns: number[] }) {
    ns.push(100);
    return ns.reduce((sum, n) => sum + n, 0);
  }

  @step async through({ n }: { n: number }) {
    return (await this.twice({ n })).n + (await super.twice({ n })).n;
  }

  async run({ ns = [1, 2] }: { ns?: number[] }) {
    const doubled = await Promise.all(ns.map((n) => this.twice({ n })));
    const sum = await this.add({ ns });
    return { doubled, sum, ns, who: await this.who() };
  }
}

@pipeline("again")
class Again extends Doubling {
  override async who() {
    return "nobody";
  }
}

describe("a class under @pipeline", () => {
  test("is called as what it is, on copies, and each step on an instance of its own", async () => {
    const params = { ns: [1, 2] };
    expect(await new Doubling().run(params)).toEqual({
      doubled: [
        { n: 3, count: 1 },
        { n: 6, count: 1 },
      ],
      sum: 103,
      ns: [1, 2],
      who: "who",
    });
    expect(params).toEqual({ ns: [1, 2] });
  });

  test("may be extended, its steps overridden, and its body inherited", async () => {
    expect(await new Again().run({ ns: [1] })).toMatchObject({ doubled: [{ n: 3 }], who: "nobody" });
    expect(declarationOf(Again)).toMatchObject({ kind: "pipeline", name: "again", options: { name: "again" } });
    expect(declarationOf(Doubling)).toMatchObject({ name: "Doubling", options: { project: "examples" } });
    expect(declarationOf(new Again().run)?.name).toBe("again");
  });

  test("says where it was declared", () => {
    expect(declarationOf(Doubling)?.file).toBe(import.meta.filename);
    expect(declarationOf(Doubling)?.line).toBe(21);
  });

  test("takes a stand-in for a step on an instance", async () => {
    const doubling = new Doubling();
    doubling.who = async () => "a fake";
    expect(await doubling.run({ ns: [] })).toMatchObject({ who: "a fake" });
  });
});

describe("a method under @step", () => {
  test("has its own name, or the one that it is given, and its options", () => {
    const doubling = new Doubling();
    expect(declarationOf(doubling.twice)).toMatchObject({ kind: "step", name: "twice" });
    expect(declarationOf(doubling.add)).toMatchObject({ name: "a name for people" });
    expect(declarationOf(doubling.who)).toMatchObject({ options: { queue: "gpu", retry: 2 } });
  });

  test("may call other steps, also those that it overrides", async () => {
    expect(await new Doubling().through({ n: 1 })).toBe(6);
  });

  test("is bound, so that it can be passed on", async () => {
    const { twice } = new Doubling();
    expect(await Promise.all([1, 2].map((n) => ({ n })).map(twice))).toMatchObject([{ n: 3 }, { n: 6 }]);
    expect(await withOptions(twice, { queue: "gpu" })({ n: 2 })).toMatchObject({ n: 6 });
  });

  test("gives the caller the interceptor's own promise", async () => {
    const calls: string[] = [];
    const answer = Promise.resolve({ n: 7, count: 0 });
    const interceptor: CallInterceptor = {
      call(name) {
        calls.push(name);
        return answer;
      },
    };
    callInterceptor.run(interceptor, () => {
      expect(new Doubling().twice({ n: 1 })).toBe(answer);
    });
    expect(calls).toEqual(["twice"]);
  });
});

describe("a decorator in the wrong place says so", () => {
  const decorate = (on: unknown) => on as (value: unknown, context: unknown) => void;

  test("a step that is static, private or a field", () => {
    const context = { kind: "method", name: "fit", static: false, private: false, addInitializer() {} };
    const on = (differs: object) => () => decorate(step)(async () => 1, { ...context, ...differs });
    expect(on({})).not.toThrow();
    expect(on({ static: true })).toThrow('@step stands on the method "fit": put it on a method with a plain name');
    expect(on({ private: true })).toThrow("neither static nor private");
    expect(on({ kind: "field" })).toThrow('@step stands on the field "fit"');
    expect(on({ kind: "class" })).toThrow('@step stands on the class "fit"');
  });

  test("a pipeline without a body", () => {
    const context = { kind: "class", name: "Empty", addInitializer() {} };
    expect(() => decorate(pipeline)(class {}, context)).toThrow("put it on a class that has a method run, the body");
  });
});
