/** Three pipelines, each through the code door and through the graph builder. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, expectTypeOf, test } from "vitest";
import releaseGraph from "../../examples/doors/release/builder.ts";
import release from "../../examples/doors/release/code.ts";
import squareRootGraph from "../../examples/doors/square-root/builder.ts";
import squareRoot from "../../examples/doors/square-root/code.ts";
import wordCountGraph from "../../examples/doors/word-count/builder.ts";
import wordCount from "../../examples/doors/word-count/code.ts";
import { pipeline } from "../../src/dsl/index.ts";
import { nodesOf } from "../../src/model/nodes-of.ts";
import type { Graph } from "../../src/model/pipeline.ts";
import { open } from "../../src/open.ts";
import { compiledDoor } from "./doors.ts";
import { edgesOf } from "./edges.ts";

const doors = [
  { name: "square-root", code: squareRoot, graph: squareRootGraph, params: [{}, { of: 9, tolerance: 0.1 }] },
  { name: "word-count", code: wordCount, graph: wordCountGraph, params: [{ texts: ["One two three", "", "Straße"] }] },
  { name: "release", code: release, graph: releaseGraph, params: [{ version: "1.0" }, { version: "2.0-beta" }] },
] as const;

type Started = (params: unknown) => Promise<unknown>;

describe.each(doors)("$name", ({ name, code, graph, params }) => {
  test("has equal templates, schemas, node names and data edges", async () => {
    const [ofCode, ofBuilder] = await Promise.all([compiledDoor(name, "code"), compiledDoor(name, "builder")]);
    expect(ofBuilder.templates).toEqual(ofCode.templates);
    expect(ofBuilder.bundles).toEqual(ofCode.bundles);
    expect(ofBuilder.options).toEqual(ofCode.options);
    expect(ofBuilder.params).toEqual(ofCode.params);
    expect(schema(ofBuilder.result)).toEqual(schema(ofCode.result));
    expect(nodeNames(ofBuilder.graph)).toEqual(nodeNames(ofCode.graph));
    expect(edgesOf(ofBuilder.graph)).toEqual(edgesOf(ofCode.graph));
    expect(edgesOf(ofBuilder.graph).length).toBeGreaterThan(1);
  });

  test.each(params)("has one result for %j, called plainly and built", async (given) => {
    const store = await mkdtemp(join(tmpdir(), "reprise-doors-"));
    await using reprise = await open({ store, isolation: "inline" });
    const run = await reprise.start(graph, given);
    expect(await run.result()).toEqual(await (code as Started)(given));
    await reprise.close();
    await rm(store, { recursive: true });
  });
});

test("a graph is started as a function is, typed by what it says of its params, and by its result", () => {
  const starts = async (reprise: Awaited<ReturnType<typeof open>>) => {
    const untyped = pipeline.graph("untyped");
    const typed = pipeline.graph<{ version: string }>("typed").returns({ turns: 1 });
    expectTypeOf(await (await reprise.start(untyped)).result()).toEqualTypeOf<unknown>();
    expectTypeOf(await (await reprise.start(typed, { version: "1" })).result()).toEqualTypeOf<{ turns: number }>();
    // @ts-expect-error a version is needed
    await reprise.start(typed);
    // @ts-expect-error a version is a text
    await reprise.start(typed, { version: 1 });
    // @ts-expect-error there is no such param
    await reprise.start(typed, { version: "1", tolerance: 1 });
  };
  expect(starts).toBeTypeOf("function");
});

/** Without the fields that TypeScript adds to the members of a union of literals, and with no order. */
function schema(given: unknown): unknown {
  return JSON.parse(JSON.stringify(given), (key, value: unknown) => {
    if (key === "required") return (value as string[]).sort();
    return (value as { "x-type"?: string } | null)?.["x-type"] === "undefined" ? undefined : value;
  });
}

/** Of what both doors name: calls of steps, and what holds them. */
const nodeNames = (graph: Graph): string[] =>
  (["call", "branch", "loop", "each"] as const)
    .flatMap((kind) => nodesOf(graph, kind).map(({ id }) => `${kind} ${id}`))
    .sort();
