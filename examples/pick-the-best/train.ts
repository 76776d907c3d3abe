/** A template: reads another task's table, and finds the age that divides it best. */
import { Task } from "reprise";

const task = await Task.init({ project: "examples", name: "train on a table", type: "training" });
const { datasetTask } = await task.connect({ datasetTask: "" });

type Row = { age: number; stays: boolean };
const table = await (await Task.get(datasetTask)).artifact("table");
const rows = await table.json<Row[]>();

const share = (border: number) => rows.filter(({ age, stays }) => age > border === stays).length / rows.length;
let best = { border: 20, accuracy: share(20) };
for (let border = 21; border <= 70; border++) {
  if (share(border) > best.accuracy) best = { border, accuracy: share(border) };
  Task.current().scalar("accuracy", "total", best.accuracy, border);
}
await Task.current().model("border", { border: best.border }, { framework: "threshold" });
task.returns({ task: task.id });
