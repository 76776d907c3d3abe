/** A controller that only starts another task, with a parameter of its choice, and ends without waiting for it. */
import { setTimeout } from "node:timers/promises";
import { Task } from "reprise";

const controller = await Task.init({ project: "examples", name: "Toy Controller", type: "controller" });
const own = await controller.connect({
  nextTask: "Toy Base Task",
  name: "exampleParam",
  value: 3,
  queue: "default",
  workMs: 100,
});

// The work of the controller itself.
await setTimeout(own.workMs);

const template = await Task.get({ project: "examples", name: own.nextTask });
const clone = await Task.clone(template, { name: "Toy Clone" });
await clone.setParameters({ ...clone.parameters, [own.name]: own.value });
await Task.enqueue(clone, { queue: own.queue });
console.log(`${clone.id} waits in ${own.queue}`);
