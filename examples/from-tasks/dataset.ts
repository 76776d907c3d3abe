/** The first template: makes a data set, and keeps it as a file. Run by hand, it only registers itself, as a draft. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Task } from "reprise";
import { randomBy } from "./random.ts";

const task = await Task.init({ project: "examples", name: "dataset", type: "data_processing" });
const { rows, seed } = await task.connect({ rows: 200, seed: 1 });
await task.executeRemotely();

const random = randomBy(seed);
const flower = (kind: string, petal: number, sepal: number) =>
  `${(petal + random()).toFixed(2)},${(sepal + random()).toFixed(2)},${kind}`;
const lines = Array.from({ length: rows }, (_, i) =>
  i % 2 === 0 ? flower("setosa", 1, 5) : flower("virginica", 1.8, 5.6),
);

const file = join(await mkdtemp(join(tmpdir(), "reprise-example-")), "flowers.csv");
await writeFile(file, ["petal,sepal,kind", ...lines].join("\n"));
await Task.current().artifact("dataset", file, { kind: "file", metadata: { rows } });
task.returns({ task: task.id });
