/** The second template: reads the data set from another task, or from a file, and splits it into four artifacts. */
import { readFile } from "node:fs/promises";
import { Task } from "reprise";
import { randomBy } from "./random.ts";

const task = await Task.init({ project: "examples", name: "process", type: "data_processing" });
const given = await task.connect({ datasetTask: "", datasetUrl: "", randomState: 42, testSize: 0.2 });
await task.executeRemotely();

const random = randomBy(given.randomState);
const rows = (await dataset())
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(","));
const mixed = rows
  .map((row) => ({ row, at: random() }))
  .sort((a, b) => a.at - b.at)
  .map(({ row }) => row);
const border = Math.round(mixed.length * given.testSize);
const [test, train] = [mixed.slice(0, border), mixed.slice(border)];

const measured = (rows: string[][]) => rows.map(([petal, sepal]) => [Number(petal), Number(sepal)]);
const kinds = (rows: string[][]) => rows.map(([, , kind]) => kind);
await Task.current().artifact("trainX", measured(train));
await Task.current().artifact("trainY", kinds(train));
await Task.current().artifact("testX", measured(test));
await Task.current().artifact("testY", kinds(test));
task.returns({ task: task.id, train: train.length, test: test.length });

async function dataset(): Promise<string> {
  if (given.datasetTask) return (await (await Task.get(given.datasetTask)).artifact("dataset")).text();
  if (given.datasetUrl) return readFile(new URL(given.datasetUrl), "utf8");
  throw new Error("there is no data set: give datasetTask, or datasetUrl");
}
