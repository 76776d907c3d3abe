/** A program that knows nothing of Reprise: it takes its rate as an argument, prints its loss, and writes what it has come to. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { rate: { type: "string" }, steps: { type: "string" } } });
let x = 5;
for (let step = 1; step <= Number(values.steps); step++) {
  x -= Number(values.rate) * 2.4 * x;
  console.log(`step ${step}: loss ${x * x}`);
}
if (process.env.REPRISE_OUTPUT) writeFileSync(process.env.REPRISE_OUTPUT, JSON.stringify({ loss: x * x }));
