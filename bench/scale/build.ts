/** Puts a graph together in a process of its own: `build.ts COUNT` prints how long so many steps took that are added in a loop. */
import { pipeline, step } from "../../src/dsl/index.ts";
import { blueprintOf } from "../../src/model/blueprint.ts";

const [count = "1000"] = process.argv.slice(2);
const one = step(async ({ n }: { n: number }) => ({ n: n + 1, list: [n] }));

const begun = performance.now();
const before = process.cpuUsage();
const g = pipeline.graph("many");
let last = g.step("s0", one, { n: 0 });
for (let i = 1; i < Number(count); i += 1) last = g.step(`s${i}`, one, { n: last.n });
g.returns(last);
const nodes = blueprintOf(g)!.nodes.length;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ ms: performance.now() - begun, cpuMs: (user + system) / 1_000, nodes }));
