/** `npm run faults:hub [SEED] [ROUNDS]`: the whole campaign: 100 tasks on 4 agents; hub and agents killed, connections cut for up to 20 s. */

import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { compile } from "../../../../src/compiler/compile.ts";
import { campaign, type Plan } from "./campaign.ts";

const [first = Date.now() % 1_000_000, rounds = 3] = process.argv.slice(2).map(Number);
const { pipeline } = await compile(join(import.meta.dirname, "../fixtures/work.ts"));

for (let seed = first; seed < first + rounds; seed++) {
  const plan: Plan = {
    seed,
    width: 100,
    depth: 40,
    agents: 4,
    hubKills: 3,
    agentKills: 3,
    cutsMs: [500, 3_000, 20_000],
  };
  const began = performance.now();
  const { status, output, expected, odd, followed, recorded, lines, points } = await campaign(pipeline, plan);
  const found = {
    status: status === "completed",
    result: isDeepStrictEqual(output, { text: expected }),
    once: odd.length === 0,
    events: isDeepStrictEqual(followed, recorded),
    lines: lines === plan.width,
    points: points === plan.width,
  };
  const wrong = Object.entries(found).flatMap(([what, isRight]) => (isRight ? [] : [what]));
  console.log(
    `seed ${seed}: ${wrong.length === 0 ? "right" : `WRONG: ${wrong.join(", ")}`} (${recorded.length} events, ${Math.round(performance.now() - began)} ms)`,
  );
  if (wrong.length > 0) process.exitCode = 1;
}
