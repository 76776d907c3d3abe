import { describe, expect, test } from "vitest";
import { unreadCalls } from "../../../../src/runtime/controller/graph/unread-calls.ts";
import { lowered } from "../../../compiler/lower/harness.ts";

/** Ids of the calls whose outputs the body never looks into. `fit` is no step whose process fetches its input. */
function unread(body: string): string[] {
  const { graph, problems } = lowered(`async function body(n: any) { ${body} }`);
  expect(problems).toEqual([]);
  return [...unreadCalls(graph, { has: (template) => template !== "fit" })].sort();
}

describe("an output is not looked into where it", () => {
  test.each([
    ["is passed on whole", "const data = await a(); return await b({ data });", ["data"]],
    [
      "is passed on by a field",
      "const data = await a(); await b({ rows: data.rows, more: [data.test] });",
      ["b", "data"],
    ],
    [
      "is taken apart and passed on",
      "const { train, test } = await a(); await b({ train }); await c({ test, train });",
      ["a", "b", "c"],
    ],
    [
      "is kept in a variable that others are kept in",
      "let best = await a(); while (n.more) best = await a({ best }); await b({ best });",
      ["b", "best"],
    ],
    [
      "is passed on by a function in the body",
      "const data = await a(); await Promise.all([1, 2].map(async (i) => { await b({ data, i }); }));",
      ["b", "data"],
    ],
    ["is dropped", "await a(); detach(b());", ["a", "b"]],
  ])("%s", (_, body, ids) => {
    expect(unread(body)).toEqual(ids);
  });
});

describe("an output is looked into where", () => {
  test.each([
    ["a field of it is compared", "const data = await a(); if (data.good) await b({ data });"],
    ["a field of a field is taken: it may not be there", "const data = await a(); await b({ x: data.rows.first });"],
    ["a field is taken from what was taken apart", "const { rows } = await a(); await b({ x: rows.first });"],
    ["a length or a size is taken", "const data = await a(); await b({ n: data.length });"],
    ["a field is taken where there may be none", "const data = await a(); await b({ x: data?.rows });"],
    ["it is spread", "const data = await a(); await b({ ...data });"],
    ["it is taken apart with a default, or the rest", "const { x = 1, ...rest } = await a(); await b({ x, rest });"],
    ["it is gone through", "const data = await a(); for (const x of data) await b({ x });"],
    ["it is returned", "const data = await a(); return { data };"],
    ["it is changed", "const data = await a(); data.x = 1; await b({ data });"],
    ["it is kept elsewhere", "const data = await a(); const all = [data]; await b({ all });"],
    ["it comes with others", "const [x, y] = await Promise.all([a(), a()]); await b({ x, y });"],
    ["it is passed to what is no such step", "const data = await a(); await fit({ data });"],
    ["it is held by a handle", "const h = start(a); await b({ x: await h.result() });"],
    ["an assignment takes it apart", "let x; ({ x } = await a()); if (x) await b({ x });"],
  ])("%s", (_, body) => {
    expect(unread(body).filter((id) => id !== "b" && id !== "fit")).toEqual([]);
  });
});
