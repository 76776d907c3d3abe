/** A custom pipeline: the controller is a script, and a task of its own. It clones templates, sets their parameters, enqueues them, and acts on what they measure. */
import { Task } from "reprise";

const controller = await Task.init({ project: "examples", name: "Simple Controller Task", type: "controller" });
const { target, queue } = await controller.connect({ target: 0.01, queue: "gpu" });

// Get a reference to the task to pipe to.
const firstTask = await Task.get<{ rate: number; steps: number }>({ project: "examples", name: "train template" });

// Clone it. This makes a task with the status draft, whose parameters can be changed, and enqueue it.
let rate = firstTask.parameters.rate;
let trained = await train(rate);

// Here comes custom logic: again, with half the rate, until the loss is good enough.
while ((trained.metric("loss", "validation")?.last ?? Number.POSITIVE_INFINITY) > target && rate > 0.01) {
  rate /= 2;
  trained = await train(rate);
}

// Get a reference to the task to pipe to, clone it, and enqueue the clone.
const nextTask = await Task.get<{ best: string }>({ project: "examples", name: "report template" });
const clonedTask = await Task.clone(nextTask, { name: "Second Cloned Task" });
await clonedTask.setParameters({ best: trained.id });
await Task.enqueue(clonedTask, { queue });
const { output } = await clonedTask.wait({ status: "completed", timeout: "5m" });
controller.returns(output);

async function train(rate: number) {
  const clonedFirstTask = await Task.clone(firstTask, { name: "Auto generated cloned task" });
  await clonedFirstTask.updateParameters({ rate });
  await Task.enqueue(clonedFirstTask, { queue });
  return clonedFirstTask.wait({ timeout: "5m" });
}
