/** Runs a pipeline, and runs it again with ten times the effort until what it measured is good enough. */
import { Task } from "reprise";

const controller = await Task.init({ project: "examples", name: "Until It Is Good", type: "controller" });
const { target, most } = await controller.connect({ target: 0.002, most: 1_000_000 });

const draft = await Task.get<{ darts: number }, { pi: number }>({ project: "examples", name: "throw darts" });

let darts = 100;
let run = await throwing(darts);
while (errorOf(run) > target && darts < most) {
  console.log(`with ${darts} darts the error is ${errorOf(run)}`);
  darts *= 10;
  run = await throwing(darts);
}
controller.returns({ darts, pi: run.output?.pi, error: errorOf(run) });

async function throwing(darts: number) {
  const clone = await Task.clone(draft, { name: `throw ${darts} darts`, parameters: { darts } });
  await Task.enqueue(clone);
  return clone.wait({ status: "completed", timeout: "5m" });
}

function errorOf(run: Task<{ darts: number }, { pi: number }>): number {
  return run.metric("error", "pi")?.last ?? Number.POSITIVE_INFINITY;
}
