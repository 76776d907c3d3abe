import { test, expect } from "vitest";
import { mkdtempSync } from "node:fs";
import { open } from "/work/main/src/open.ts";
import * as p from "/work/main/test/runtime/controller/programs.ts";
test("chain", async () => {
  const dir = mkdtempSync("/tmp/etest/s");
  await using r = await open({ store: dir, isolation: "inline" });
  const { variable: v } = p;
  const pl = p.pipelineOf({ inc: "async ({n}) => n + 1" }, [
    p.declare("x", 0, "let"),
    p.loop("again", p.binary(v("x"), "<", p.member(v("params"), "max")), [p.call("inc", p.object({ n: v("x") }), "pr"), p.wait(v("pr"), "y"), p.assign("x", v("y"))]),
    p.returns(p.object({ x: v("x") })),
  ], { params: { type: "object", properties: { max: { type: "number" } }, required: ["max"] } });
  for (const max of [5, 500, 500]) {
    const t = performance.now();
    const run = await r.start(pl, { max });
    const t1 = performance.now();
    expect(await run.result()).toEqual({ x: max });
    console.log(max, "start", t1 - t, "per step", (performance.now() - t1) / max);
  }
});
