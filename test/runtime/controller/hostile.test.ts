/** Good pipeline JSON, spoiled at random: it is refused in a sentence, or runs within its bounds, and reaches nothing outside of the run. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../../src/model/json.ts";
import { admit, PipelineError } from "../../../src/model/pipeline.ts";
import { nextTurn } from "../../../src/runtime/controller/event-loop.ts";
import { Fuel } from "../../../src/runtime/controller/graph/fuel.ts";
import { load, prepare } from "../../../src/runtime/controller/graph/load.ts";
import { UnhandledRejections } from "../../../src/runtime/controller/unhandled.ts";
import {
  ap,
  arr,
  arrow,
  at,
  attempt,
  bin,
  constant,
  does,
  fn,
  g,
  inc,
  loop,
  make,
  obj,
  ret,
  run,
  spread,
  step,
  text,
  to,
  test as until,
  v,
  variable,
  wait,
  when,
} from "./graph/build.ts";
import { pipelineOf } from "./programs.ts";

/** A bit of everything. */
const good = JSON.stringify(
  pipelineOf({ a: "async () => {}" }, [
    fn("helper", ["n"], [wait(null), ret(bin(v("n"), "*", 2))], true),
    variable("total", 0),
    constant("names", arr("x", "y", spread(arr("z")))),
    loop("of", {
      over: { value: v("names"), target: v("name"), declare: "const" },
      nodes: [...step("a", "r", obj({ name: v("name") })), run(inc("total"))],
    }),
    loop("for", {
      init: [variable("i", 0)],
      test: until(bin(v("i"), "<", 9)),
      update: [run(inc("i"))],
      nodes: [run(to("total", v("i"), "+"))],
    }),
    constant("table", make("Map", arr(arr("k", does(v("names"), "map", arrow(["s"], does(v("s"), "toUpperCase"))))))),
    attempt(
      [constant("t", does(g("JSON"), "parse", "{}")), run(at(at(v("t"), "x"), "y"))],
      { as: "e", nodes: [run(to("total", at(v("e"), "message")))] },
      [run(to(at(v("names"), "length"), 1))],
    ),
    when(does({ kind: "regexp", source: "a|c", flags: "g" }, "test", "b"), [ret(1)]),
    wait(ap(v("helper"), 21), "h"),
    wait(does(g("Promise"), "all", arr(v("h"), ap(v("helper"), 1))), "both"),
    ret(obj({ total: v("total"), both: v("both"), text: text(["", "!"], v("names")), size: at(v("table"), "size") })),
  ]),
);

type Spot = { of: Record<string, Json>; key: string };

function spots(json: Json): Spot[] {
  const found: Spot[] = [];
  const pending: Json[] = [json];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next === null || typeof next !== "object") continue;
    for (const [key, value] of Object.entries(next)) {
      found.push({ of: next as Record<string, Json>, key });
      pending.push(value);
    }
  }
  return found;
}

const odd: Json[] = [
  null,
  true,
  -1,
  0.5,
  2 ** 53,
  "",
  "__proto__",
  "constructor",
  "prototype",
  "then",
  "toString",
  "valueOf",
  "length",
  "stack",
  "call",
  "a/b",
  "x[1]",
  "process",
  "globalThis",
  "Function",
  "Object",
  "Array",
  "Promise",
  "Proxy",
  "\u0000",
  "(a+)+$",
  [],
  {},
  [[]],
  { kind: "variable", name: "names" },
  { kind: "global", name: "Function" },
  { kind: "global", name: "Array" },
  { kind: "global", name: "constructor" },
  { kind: "hole" },
  { kind: "member", of: { kind: "variable", name: "names" }, key: "constructor" },
  { kind: "member", of: "x", key: "repeat" },
  { kind: "apply", callee: { kind: "global", name: "structuredClone" }, args: [{ kind: "variable", name: "names" }] },
  { kind: "continue", id: "c" },
  { kind: "break", id: "b", label: "l" },
  { kind: "await", id: "w", value: { kind: "variable", name: "r" } },
  { kind: "object", entries: [{ key: "then", value: { kind: "variable", name: "helper" } }] },
];

/** Something is replaced by something odd, or by something of elsewhere, or taken out, or there twice. */
const mutation = fc.record({
  at: fc.nat(),
  how: fc.constantFrom("odd", "elsewhere", "remove", "double", "wrap", "rename"),
  from: fc.nat(),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(json: Json, { at: where, how, from }: Mutation): void {
  const all = spots(json).filter(({ key, of }) => key !== "bundles" && key !== "code" && !("code" in of));
  const { of, key } = all[where % all.length] as Spot;
  const other = all[from % all.length] as Spot;
  const copy = (value: Json) => JSON.parse(JSON.stringify(value)) as Json;
  if (how === "odd") of[key] = copy(odd[from % odd.length] as Json);
  else if (how === "elsewhere") of[key] = copy(other.of[other.key] as Json);
  else if (how === "remove") delete of[key];
  else if (how === "double" && Array.isArray(of)) of.push(copy(of[key] as Json));
  else if (how === "wrap") of[key] = [copy(of[key] as Json)];
  else if (how === "rename" && !Array.isArray(of)) of[String(odd[from % odd.length])] = of[key] as Json;
}

const outside = (): string =>
  JSON.stringify(
    [globalThis, Object, Function, Array, String, Promise, Map, Set, RegExp, Error, Math, JSON, Date, Symbol].flatMap(
      (each) => [
        Object.getOwnPropertyNames(each),
        Object.getOwnPropertyNames((each as { prototype?: object }).prototype ?? {}),
      ],
    ),
  );

test("spoiled pipeline JSON is refused in a sentence, or runs within its bounds", async () => {
  const before = outside();
  const outcomes = { refused: 0, settled: 0, waiting: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
      const json = JSON.parse(good) as Json;
      for (const each of mutations) mutate(json, each);
      outcomes[await outcomeOf(JSON.stringify(json))] += 1;
      expect(outside()).toBe(before);
    }),
    { seed: 11, numRuns: 1_500 },
  );
  // Neither all refused nor all taken: else it would prove nothing.
  for (const outcome of ["refused", "settled"] as const) expect(outcomes[outcome]).toBeGreaterThan(100);
});

async function outcomeOf(text: string): Promise<"refused" | "settled" | "waiting"> {
  let loaded: ReturnType<typeof load>;
  try {
    const { graph } = admit(text);
    await prepare([graph]);
    loaded = load(graph);
  } catch (error) {
    expect(error).toBeInstanceOf(PipelineError);
    expect((error as Error).message).toMatch(/^.{10,500}$/s);
    return "refused";
  }
  const rejections = new UnhandledRejections();
  const fuel = new Fuel(100_000, { shared: true });
  let settled = false;
  rejections.within(() => {
    const settle = () => {
      settled = true;
    };
    loaded.run({ some: "params" }, { call: async (_path, _node, input) => input }, { fuel }).then(settle, settle);
  });
  for (let turn = 0; turn < 20 && !settled; turn += 1) await nextTurn();
  rejections.close();
  return settled ? "settled" : "waiting";
}
