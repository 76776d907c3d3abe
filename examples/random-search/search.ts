/** An optimizer: clones a template several times with random samples of a search space, and enqueues them all. */
import { Task } from "reprise";

const optimizer = await Task.init({ project: "examples", name: "Random Search", type: "optimizer" });
const { base, samples, queue, space } = await optimizer.connect({
  base: "train template",
  samples: 3,
  queue: "default",
  space: { rate: [0.05, 0.1, 0.2, 0.3], steps: [10, 20, 40] },
});

const template = await Task.get({ project: "examples", name: base });
for (let i = 0; i < samples; i++) {
  const clone = await Task.clone(template, { name: `${base} ${i}`, tags: ["random search"] });
  await clone.updateParameters({ rate: sample(space.rate), steps: sample(space.steps) });
  await Task.enqueue(clone, { queue });
}

function sample<T>(values: T[]): T {
  return values[Math.floor(Math.random() * values.length)] as T;
}
