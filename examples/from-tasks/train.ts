/** The third template: reads the four artifacts of another task, learns the middle of each kind, and keeps that as a model. */
import { Task } from "reprise";

const task = await Task.init({ project: "examples", name: "train", type: "training" });
const { datasetTask } = await task.connect({ datasetTask: "" });
await task.executeRemotely();

const source = await Task.get(datasetTask);
const read = async <T>(name: string) => (await source.artifact(name)).json<T>();
const [trainX, trainY] = [await read<number[][]>("trainX"), await read<string[]>("trainY")];
const [testX, testY] = [await read<number[][]>("testX"), await read<string[]>("testY")];

const kinds = [...new Set(trainY)].sort();
const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const middles = kinds.map((kind) => {
  const own = trainX.filter((_, i) => trainY[i] === kind);
  return [0, 1].map((column) => mean(own.map((row) => row[column]!)));
});
const distance = (row: number[], middle: number[]) => Math.hypot(row[0]! - middle[0]!, row[1]! - middle[1]!);
const predict = (row: number[]) => {
  const distances = middles.map((middle) => distance(row, middle));
  return kinds[distances.indexOf(Math.min(...distances))]!;
};

const predicted = testX.map(predict);
const accuracy = predicted.filter((kind, i) => kind === testY[i]).length / testY.length;
Task.current().single("accuracy", accuracy);
Task.current().plot("confusion", {
  data: { values: testY.map((kind, i) => ({ kind, predicted: predicted[i] })) },
  mark: "rect",
  encoding: { x: { field: "predicted" }, y: { field: "kind" }, color: { aggregate: "count" } },
});
const model = await Task.current().model("middles", { kinds, middles }, { framework: "nearest middle", labels: kinds });
task.returns({ model, accuracy });
