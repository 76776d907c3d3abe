import { join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "../../../src/compiler/compile.ts";
import { campaign } from "./campaign/campaign.ts";

test("a run goes right while its hub and an agent are killed and connections are cut: no event is missed, each task ends once", {
  timeout: 60_000,
}, async () => {
  const { pipeline } = await compile(join(import.meta.dirname, "fixtures/work.ts"));
  const plan = { seed: 7, width: 40, depth: 10, agents: 2, hubKills: 1, agentKills: 1, cutsMs: [1_000] };
  const { status, output, expected, odd, followed, recorded, lines, points } = await campaign(pipeline, plan);
  expect({ status, output }).toEqual({ status: "completed", output: { text: expected } });
  expect(odd).toEqual([]);
  expect(followed).toEqual(recorded);
  expect({ lines, points }).toEqual({ lines: plan.width, points: plan.width });
});
