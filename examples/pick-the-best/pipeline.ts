/** The same two templates, cloned twice at once with different parameters; then the better one is picked, by what it measured. */
import { pipeline, step, Task, template } from "reprise";

const preprocess = template<{ fillMissing: boolean }, { task: string }>({ project: "examples", name: "preprocess" });
const train = template<{ datasetTask: string }, { task: string }>({ project: "examples", name: "train on a table" });

/** Compares what the tasks measured last, and publishes the best of them. */
export const pick = step(async ({ trained }: { trained: string[] }) => {
  const tasks = await Promise.all(trained.map((id) => Task.get(id)));
  const measured = tasks.map((task) => ({ task, accuracy: task.metric("accuracy", "total")?.last ?? 0 }));
  const best = measured.reduce((one, other) => (other.accuracy > one.accuracy ? other : one));
  await best.task.addTags("best");
  await best.task.publish();
  return { best: best.task.id, accuracies: measured.map(({ accuracy }) => accuracy) };
});

export default pipeline("pick the best", async ({ variants = [true, false] }: { variants?: boolean[] }) => {
  const trained = await Promise.all(
    variants.map(async (fillMissing) => {
      const dataset = await preprocess({ fillMissing });
      return train({ datasetTask: dataset.task });
    }),
  );
  return pick({ trained: trained.map(({ task }) => task) });
});
