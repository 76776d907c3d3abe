/** What a step made, in every kind, comes to other steps by reference: none of it is in the pipeline's hands, however large it is. */
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Artifact, pipeline, step, Task } from "reprise";

type Place = { name: string; position: { lat: number; lon: number } };
type Reading = { day: number; degrees: number };
type Unit = "celsius" | "fahrenheit";

const placeOfItsOwn = () => mkdtemp(join(tmpdir(), "reprise-example-"));

/** Keeps JSON, a table, a text, a stream, a file and a folder, and draws what it kept. */
export const measure = step(async ({ place, days, unit }: { place: Place; days: number; unit: Unit }) => {
  const task = Task.current();
  const readings: Reading[] = [];
  for (let day = 1; day <= days; day += 1) {
    const celsius = 12 + 8 * Math.sin(day / 3) - place.position.lat / 10;
    const degrees = Math.round(unit === "celsius" ? celsius : celsius * 1.8 + 32);
    readings.push({ day, degrees });
    task.scalar("temperature", unit, degrees, day);
  }
  task.plot("temperature", {
    data: { values: readings },
    mark: "line",
    encoding: { x: { field: "day" }, y: { field: "degrees", title: unit } },
  });
  const folder = await placeOfItsOwn();
  for (const { day, degrees } of readings) await writeFile(join(folder, `day-${day}.txt`), `${degrees} ${unit}\n`);
  return {
    task: task.id,
    place: await task.artifact("place", place),
    readings: await task.artifact("readings", readings, { kind: "table", metadata: { unit } }),
    note: await task.artifact("note", `${days} days in ${place.name}`),
    log: await task.artifact("log", logOf(readings), { type: "text/plain" }),
    first: await task.artifact("first", join(folder, "day-1.txt"), { kind: "file" }),
    days: await task.artifact("days", folder, { kind: "folder" }),
  };
});

async function* logOf(readings: Reading[]) {
  for (const { day, degrees } of readings) yield `day ${day}: ${degrees}\n`;
}

/** Gets them back, and hands on what it learnt as a model. */
export const learn = step.monitor({ metrics: ["Summary/*"], models: ["*"] })(
  async ({ readings, days, first }: { readings: Artifact; days: Artifact; first: Artifact }) => {
    const task = Task.current();
    const rows = await readings.json<Reading[]>();
    const files = await readdir(await days.folder(join(await placeOfItsOwn(), "days")));
    const mean = rows.reduce((sum, { degrees }) => sum + degrees, 0) / rows.length;
    task.single("mean", mean);
    const model = await task.model("mean", { mean }, { framework: "arithmetic", labels: ["degrees"] });
    return { model, files: files.length, first: (await first.text()).trim() };
  },
);

/** Reads what another task made by the task and the name alone. */
export const report = step(async ({ task, model }: { task: string; model: Artifact }) => {
  const { mean } = await model.json<{ mean: number }>();
  const note = await Task.current().artifactOf(task, "note");
  const log = await Task.current().artifactOf(task, "log");
  const copy = await log?.file(join(await placeOfItsOwn(), "log.txt"));
  const lines = copy === undefined ? [] : (await readFile(copy, "utf8")).trim().split("\n");
  const text = `# ${await note?.text()}\n\nThe mean of ${lines.length} days is ${mean.toFixed(1)}.\n`;
  Task.current().pipeline.text("report", text);
  return Task.current().pipeline.artifact("report.md", text, { type: "text/markdown" });
});

type Params = { place?: Place; days?: number; unit?: Unit };

export default pipeline(
  "artifacts",
  async ({ place = { name: "Oslo", position: { lat: 59.9, lon: 10.8 } }, days = 14, unit = "celsius" }: Params) => {
    const made = await measure({ place, days, unit });
    const learnt = await learn({ readings: made.readings, days: made.days, first: made.first });
    const written = await report({ task: made.task, model: learnt.model });
    return { report: written, bytes: written.bytes, files: learnt.files, first: learnt.first };
  },
);
