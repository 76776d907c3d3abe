/** Parameters of every kind: numbers, texts, choices, lists, objects in objects, and sections under a name; and a configuration object. */
import { Task } from "reprise";

type Optimizer = "adam" | "sgd";

const task = await Task.init({ project: "examples", name: "parameters" });
const { optimizer, layers, decay } = await task.connect<{
  optimizer: Optimizer;
  layers: number[];
  decay: { rate: number; every?: number };
}>({ optimizer: "adam", layers: [64, 32], decay: { rate: 0.9 } });
// Connected later, and under a name: a section of its own.
const { shuffle, note } = await task.connect({ shuffle: true, note: "" }, "data");
const labels = await task.connectConfiguration("labels", { 0: "cat", 1: "dog" }, { description: "what a class means" });

console.log(`${optimizer} with the layers ${layers.join(", ")}; decay ${decay.rate}`);
Task.current().single("layers", layers.length);
task.returns({ optimizer, layers, decay, shuffle, note, labels });
