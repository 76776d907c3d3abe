/** A template: a table in which ages are missing. They are filled with the mean, or their rows are dropped. */
import { Task } from "reprise";

const task = await Task.init({ project: "examples", name: "preprocess", type: "data_processing" });
const { fillMissing, rows } = await task.connect({ fillMissing: true, rows: 120 });

/** Who is older stays longer; of every fifth, the age is not known. */
const people = Array.from({ length: rows }, (_, i) => ({
  age: i % 5 === 0 ? undefined : 20 + ((i * 37) % 50),
  stays: 20 + ((i * 37) % 50) > 45,
}));
const known = people.flatMap(({ age }) => age ?? []);
const mean = known.reduce((sum, age) => sum + age, 0) / known.length;
const table = people.flatMap(({ age, stays }) =>
  age !== undefined || fillMissing ? [{ age: age ?? mean, stays }] : [],
);

await Task.current().artifact("table", table, { kind: "table" });
Task.current().single("rows", table.length);
task.returns({ task: task.id });
