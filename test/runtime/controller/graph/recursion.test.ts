/** How deep the functions of a body may call each other: the same bound each time, well before JavaScript's own. */
import { describe, expect, test } from "vitest";
import { load } from "../../../../src/runtime/controller/graph/load.ts";
import { lowered } from "../../../compiler/lower/harness.ts";

function loaded(source: string): () => Promise<unknown> {
  const { graph, problems } = lowered(source);
  expect(problems.map(({ message }) => message)).toEqual([]);
  const program = load(graph);
  return () => program.run(1, { call: async () => 1 });
}

const run = (source: string) => loaded(source)();

/** Calls `f` without end, and says how deep it came. */
const endless = (f: string) => `async function body(n: number) {
  let deepest = 0;
  ${f}
  try { await f(1); } catch (error) { return { deepest, error: (error as Error).message, is: error instanceof RangeError }; }
}`;

const shapes: Record<string, string> = {
  "a function": "function f(x: number): number { deepest = x; return 1 + f(x + 1); }",
  "an arrow": "const f = (x: number): number => (deepest = x, 1 + f(x + 1));",
  "an arrow in an object":
    "const o: any = { f: (x: number): number => (deepest = x, o.f(x + 1)) }; const f = (x: number) => o.f(x);",
  "a default": "function f(x: number, y: number = ((deepest = x), f(x + 1))): number { return y; }",
  "nested statements": `function f(x: number): number {
    deepest = x;
    for (const y of [x]) { try { a: { if (y > 0) { switch (y % 2) { default: return 1 + (2 * (3 - f(y + 1))); } } } } finally { n += 1; } }
    return 0;
  }`,
  "a function that a built-in calls":
    "function f(x: number): any { deepest = x; return JSON.parse('[1]', () => [x].map((y) => f(y + 1))); }",
  "an async function that has not awaited yet":
    "async function f(x: number): Promise<number> { deepest = x; if (x > 0) { if (x > 0) { return await f(x + 1); } } return 0; }",
  "a function that starts steps":
    "async function f(x: number): Promise<any> { deepest = x; if (x < 0) await a(x); return Promise.all([x].map(async (y) => await f(y + 1))); }",
};

describe.each(Object.entries(shapes))("%s that calls itself without end", (_, f) => {
  test("gets a RangeError, at the same depth each time", async () => {
    const program = loaded(endless(f));
    const first = (await program()) as { deepest: number };
    expect(first).toMatchObject({ is: true, error: expect.stringMatching(/call each other too deep; use a loop/) });
    expect(first.deepest).toBeGreaterThan(70);
    for (let again = 0; again < 20; again += 1) expect(await program()).toEqual(first);
  });
});

test("an async function that awaits before it calls itself gets a RangeError a thousand calls deep", async () => {
  const f = "async function f(x: number): Promise<number> { await null; deepest = x; return 1 + (await f(x + 1)); }";
  expect(await run(endless(f))).toEqual({
    deepest: 1_000,
    is: true,
    error: '"f" is called 1000 calls deep, and no deeper is possible: use a loop',
  });
});

test("a body that does not catch it fails with it", async () => {
  await expect(
    run("async function body(n: number) { const f = (x: number): number => f(x + 1); return f(n); }"),
  ).rejects.toThrow(RangeError);
});

test("calls that have returned take no room", async () => {
  const source = `async function body(n: number) {
    const f = (x: number): number => (x === 0 ? 0 : 1 + f(x - 1));
    const g = async (x: number): Promise<number> => { await null; return f(x); };
    let sum = 0;
    for (let i = 0; i < 200; i++) { try { f(-1); } catch {} sum += f(100) + (await g(100)); }
    return sum;
  }`;
  expect(await run(source)).toBe(40_000);
});

test("JavaScript's own limit, which is met at another depth each time, ends the run: the body cannot catch it", async () => {
  const source = `async function body(n: number) {
    let deep: any = [];
    for (let i = 0; i < 20_000; i++) deep = [deep];
    try { return JSON.stringify(deep).length; } catch { return "caught"; }
  }`;
  await expect(run(source)).rejects.toThrow(/needs more stack than there is/);
});
