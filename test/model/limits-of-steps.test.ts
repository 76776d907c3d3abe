import { describe, expect, test } from "vitest";
import { checkConcurrency } from "../../src/model/concurrency.ts";
import { checkEnv, checkSecrets } from "../../src/model/environment.ts";
import { mayStartAt, rateLimit } from "../../src/model/rate.ts";
import { amountsOf, changed, covers, resourcesText } from "../../src/model/resources.ts";

describe("a rate", () => {
  test("is so many in a span", () => {
    expect(rateLimit("60/m")).toEqual({ count: 60, perMs: 60_000 });
    expect(rateLimit("5/10s")).toEqual({ count: 5, perMs: 10_000 });
    expect(() => rateLimit("0.5/s" as "1/s")).toThrow('"0.5/s" is not a rate');
    expect(() => rateLimit("1/0s")).toThrow('"1/0s" is not a rate');
  });

  test("lets another one start when the one that many before it is out of the span", () => {
    const rate = rateLimit("2/s");
    expect(mayStartAt(rate, undefined, 5_000)).toBeUndefined();
    expect(mayStartAt(rate, 4_001, 5_000)).toBe(5_001);
    expect(mayStartAt(rate, 4_000, 5_000)).toBeUndefined();
  });
});

describe("resources", () => {
  test("are amounts by name, in sizes of 1024", () => {
    expect(amountsOf({ mem: "1.5G", gpu: 1, scratch: "200M" })).toEqual({
      gpu: 1,
      mem: 1.5 * 1024 ** 3,
      scratch: 200 * 1024 ** 2,
    });
    expect(() => amountsOf({ "a b": 1 })).toThrow('"a b" is no name');
    expect(() => amountsOf([] as never)).toThrow("is not an object of amounts");
  });

  test("cover what needs no more of any of them, and less is left then", () => {
    const offered = amountsOf({ gpu: 2, mem: "8G" });
    expect(covers(offered, amountsOf({ gpu: 2 }))).toBe(true);
    expect(covers(offered, amountsOf({ gpu: 1, mem: "9G" }))).toBe(false);
    expect(covers(offered, amountsOf({ tpu: 1 }))).toBe(false);
    const left = changed(offered, amountsOf({ gpu: 2 }), -1);
    expect(covers(left, amountsOf({ gpu: 1 }))).toBe(false);
    expect(changed(left, amountsOf({ gpu: 2 }), 1)).toEqual(offered);
  });

  test("read as they are written", () => {
    expect(resourcesText(amountsOf({ gpu: 4, mem: "8G", share: 0.5 }))).toBe("gpu 4, mem 8G, share 0.5");
    expect(resourcesText({ mem: 1536 * 1024 ** 2, ours: 24_684_092 * 1024, odd: 123_456_789, tokens: 30_001 })).toBe(
      "mem 1536M, ours 23.5G, odd 117.7M, tokens 30001",
    );
  });
});

test("a limit is a whole number, and nothing else is kept of it", () => {
  expect(checkConcurrency({ limit: 2, key: "k", other: 1 } as never)).toEqual({ limit: 2, key: "k" });
  expect(() => checkConcurrency({ limit: 1.5 })).toThrow("the limit 1.5 is not a whole number from 1");
  expect(() => checkConcurrency({ limit: 1, key: "" })).toThrow("the key is not a text");
  expect(() => checkConcurrency(undefined as never)).toThrow("is not a whole number");
});

test("an environment holds texts, and secrets are names, each once", () => {
  expect(Object.keys(checkEnv({ B: "2", A: "1" }))).toEqual(["A", "B"]);
  expect(() => checkEnv({ A: 1 } as never)).toThrow("the value of A is not a text");
  expect(checkSecrets(["B", "A", "B"])).toEqual(["A", "B"]);
  expect(() => checkSecrets("A" as never)).toThrow("it is not a list of names");
});
