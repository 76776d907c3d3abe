/** The smallest template: one parameter, and what holds in the end. */
import { Task } from "reprise";

const task = await Task.init({ project: "examples", name: "Toy Base Task" });
const { exampleParam } = await task.connect({ exampleParam: 1 });
console.log(`exampleParam is ${exampleParam}`);
