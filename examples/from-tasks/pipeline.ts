/** A pipeline of existing tasks: each is cloned, told what the one before it made, and enqueued. */
import { type Artifact, pipeline, template } from "reprise";

const dataset = template<{ rows?: number }, { task: string }>({ project: "examples", name: "dataset" });
const process = template<
  { datasetTask?: string; datasetUrl?: string; testSize?: number },
  { task: string; test: number }
>({
  project: "examples",
  name: "process",
});
const train = template<{ datasetTask: string }, { model: Artifact; accuracy: number }>({
  project: "examples",
  name: "train",
});

export default pipeline("from tasks", async ({ url = "", rows = 200 }: { url?: string; rows?: number }) => {
  const source = url === "" ? { datasetTask: (await dataset({ rows })).task } : { datasetUrl: url };
  const processed = await process({ ...source, testSize: 0.25 });
  const { model, accuracy } = await train({ datasetTask: processed.task });
  return { model, accuracy, tested: processed.test };
});
