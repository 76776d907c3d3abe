import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../../src/compiler/compile.ts";
import type { Pipeline } from "../../../src/model/pipeline.ts";
import { openStore } from "../../../src/runtime/store/open.ts";
import { alone } from "../../nesting/alone.ts";
import type { Trace } from "../held.ts";
import { orders } from "../order.ts";
import { Graph } from "./graph.ts";
import { trace } from "./held.ts";
import * as cases from "./pipelines.ts";
import { Plain } from "./plain.ts";

const folder = mkdtempSync(join(tmpdir(), "reprise-nested-"));
let all: Pipeline;

beforeAll(async () => {
  const file = join(import.meta.dirname, "pipelines.ts");
  all = (await compile(file, { pipeline: "all" })).pipeline;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { all: _, inc, list, odd, ...pipelines } = cases;
const steps = new Map(Object.entries({ inc, list, odd }));

const names: Record<string, string> = { fanOut: "fan out", isEven: "is even" };

async function traceGraph(
  name: string,
  n: number,
  order: () => (held: number) => number,
  resumed: boolean,
): Promise<Trace> {
  await using store = await openStore(join(folder, `${name}-${Math.random()}`));
  const graph = await Graph.start(store, alone(all, names[name] ?? name), "r", { n }, (step, input) =>
    steps.get(step)!(input),
  );
  try {
    return await trace(graph, order(), resumed ? () => graph.restart() : undefined);
  } finally {
    await graph.close();
  }
}

describe.each(Object.entries(pipelines))("%s", (name, body) => {
  it.each(Object.entries(orders))("agrees with the plain call, %s", async (_, order) => {
    for (const n of [1, 4]) {
      const expected = await trace(new Plain(body as never, { n }), order());
      expect(expected.at(-1)).not.toBe("never settled");
      expect(await traceGraph(name, n, order, false)).toEqual(expected);
    }
  });

  it("agrees though every controller is stopped after every event", async () => {
    for (const order of [orders["last in first"]!, orders["random 1"]!]) {
      const expected = await trace(new Plain(body as never, { n: 3 }), order());
      expect(await traceGraph(name, 3, order, true)).toEqual(expected);
    }
  });
});
