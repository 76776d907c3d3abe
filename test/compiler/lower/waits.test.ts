/** Waits, signals, handles and detached steps: what they become in the graph, and what is refused. */
import { describe, expect, it, test } from "vitest";
import { nodesOf } from "../../../src/model/nodes-of.ts";
import { compiled, problemsOf } from "../project.ts";
import { lowered } from "./harness.ts";

const graphOf = (body: string) => lowered(`async function body(n: number) { ${body} }`).graph;
const numbers = (body: string) =>
  lowered(`async function body(n: number) { ${body} }`).problems.map((problem) => problem.number);

describe("what a body begins is a node, named by what it is stored in", () => {
  test("timers", () => {
    const graph = graphOf(
      'const nap = sleep("1m"); await sleepUntil(new Date(n)); await sleep(n); await sleep(n); await nap;',
    );
    expect(
      nodesOf(graph, "timer")
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["nap", "sleep", "sleep2", "sleepUntil"]);
    expect(graph.body.nodes[0]).toMatchObject({ kind: "timer", id: "nap", after: "1m", into: "$nap" });
    expect(graph.body.nodes.find(({ id }) => id === "sleepUntil")).toMatchObject({ until: { kind: "new" } });
    expect(graph.body.nodes.find(({ id }) => id === "sleep")).toMatchObject({ reads: ["n"], writes: ["$sleep"] });
  });

  test("signals, by their names where nothing holds them", () => {
    const graph = graphOf(
      'const answer = await signal("approved"); await signal("the end", { timeLimit: n }); await signal("of " + n);',
    );
    expect(
      nodesOf(graph, "signal")
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["answer", "signal", "the_end"]);
  });

  test("handles and detached steps are calls of their templates", () => {
    const graph = graphOf("const h = start(fit, { n }); detach(a(n)); start(b); await h.result();");
    expect(nodesOf(graph, "call").sort((x, y) => (x.id < y.id ? -1 : 1))).toMatchObject([
      { id: "a", template: "a", as: "detached", args: [{ kind: "variable", name: "n" }] },
      { id: "b", template: "b", as: "handle", args: [] },
      { id: "h", template: "fit", as: "handle", args: [{ kind: "object" }] },
    ]);
  });

  test("a function that waits is called by a node", () => {
    const graph = graphOf(
      "const pause = async () => { await sleep(n); }; const [x] = [1].map((ms) => sleep(ms)); await pause(); await x;",
    );
    expect(nodesOf(graph, "each")).toMatchObject([{ method: "map" }]);
    expect(nodesOf(graph, "call")).toMatchObject([{ kind: "call", fn: { name: "pause" } }]);
  });
});

describe("a body that begins something wrongly", () => {
  it.each([
    ["a sleep without a duration", "await (sleep as any)();", "RP3017"],
    ["a sleep of two", "await (sleep as any)(1, 2);", "RP3017"],
    ["a signal without a name", "await (signal as any)();", "RP3017"],
    ["a signal of three", 'await (signal as any)("a", {}, 1);', "RP3017"],
    ["start of what is no step", "const f = async () => 1; start(f, 1);", "RP3018"],
    ["start of two inputs", "start(a, 1, 2);".replace("start(", "(start as any)("), "RP3013"],
    ["detach of a promise", "const p = a(n); detach(p);", "RP3018"],
    ["detach of a local function's call", "const f = async () => a(1); detach(f());", "RP3018"],
    ["a dropped sleep", "sleep(n);", "RP3005"],
    ["a dropped signal", 'signal("x");', "RP3005"],
    ["sleep as a value", "await Promise.all([1].map(sleep));", "RP3010"],
  ])("%s: a problem", (_, body, number) => {
    expect(numbers(body)).toContain(number);
  });

  test("a dropped promise may be detached, the problem says", () => {
    const [problem] = lowered("async function body(n: number) { a(n); }").problems;
    expect(problem?.remedy).toContain("detach(…)");
    expect(numbers("detach(a(n));")).toEqual([]);
  });
});

describe("in an author's file", () => {
  const file = (body: string) => `import { detach, pipeline, signal as ask, sleep as nap, start, step } from "reprise";
import * as r from "reprise";
const fit = step(async ({ n }: { n: number }) => n);
export default pipeline("waits", async () => { ${body} });
`;

  test("they are recognised by what they are, whatever they are called, and the type of a signal is its schema", async () => {
    const { pipeline } = await compiled(
      file(`const answer = await ask<{ by: string; at?: Date }>("approved", { timeLimit: "1h", mode: "transient" });
        await nap("1s"); await r.sleepUntil(5); const free = await ask("free"); await ask<void>("bare");
        const h = start(fit, { n: 1 }); h.abort(); detach(fit({ n: 2 })); return [answer.by, free];`),
    );
    const { graph } = pipeline;
    expect(
      nodesOf(graph, "timer")
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["sleep", "sleepUntil"]);
    const schemas = Object.fromEntries(nodesOf(graph, "signal").map(({ name, schema }) => [name, schema]));
    expect(schemas).toEqual({
      approved: {
        type: "object",
        properties: { by: { type: "string" }, at: { "x-type": "Date" } },
        required: ["by"],
      },
      free: undefined,
      bare: { "x-type": "undefined" },
    });
  });

  test("chance and time may be read, from Node's types too, and nothing else of those globals", async () => {
    const readings = "[Date.now(), new Date(), Math.random(), crypto.randomUUID(), performance.now()]";
    await compiled(file(`await nap(1); return ${readings}.length;`), { nodeTypes: true });
    const problems = await problemsOf(
      file("crypto.getRandomValues(new Uint8Array(1)); performance.mark('x'); await nap(1);"),
      {
        nodeTypes: true,
      },
    );
    expect(problems.map(({ number }) => number)).toEqual(["RP3004", "RP3004"]);
  });

  test("a signal whose value could never be sent is a problem", async () => {
    const [problem] = await problemsOf(file('await ask<{ call: () => void }>("x");'));
    expect(problem).toMatchObject({
      number: "RP2001",
      message: expect.stringContaining("The value of the signal, at `call`"),
    });
  });

  test("inputs and options are typed", async () => {
    const problems = await problemsOf(
      file('start(fit, { n: "1" }); await nap("soon"); await ask("x", { mode: "odd" });'),
    );
    expect(problems.map(({ number }) => number.slice(0, 2))).toEqual(["TS", "TS", "TS"]);
  });
});
