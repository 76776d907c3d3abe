import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import artifacts from "../../examples/artifacts/pipeline.ts";
import { open } from "../../src/open.ts";

const text = "# 3 days in Oslo\n\nThe mean of 3 days is 11.0.\n";

test("artifacts of every kind go out and come back, in a plain call", async () => {
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  onTestFinished(() => print.mockRestore());
  const { report, ...others } = await artifacts({ days: 3 });
  expect(others).toEqual({ bytes: text.length, files: 3, first: "9 celsius" });
  expect(await report.text()).toBe(text);
});

test("artifacts are kept by a run, the model and the report on the pipeline itself", async () => {
  const folder = await mkdtemp(join(tmpdir(), "reprise-artifacts-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await using reprise = await open({ store: folder });
  const run = await reprise.start(artifacts, { days: 3, unit: "fahrenheit" });
  const { report, files, first } = await run.result();
  expect({ files, first }).toEqual({ files: 3, first: "48 fahrenheit" });
  expect(await report.text()).toMatch(/^# 3 days in Oslo\n\nThe mean of 3 days is \d+\.\d\.\n$/);

  const { artifacts: kept, metrics, figures } = reprise.store;
  const names = async (task: string) => (await kept.list(task)).map(({ name, kind }) => `${name}: ${kind}`);
  expect(await names(`${run.id}/made`)).toEqual([
    ...["place: json", "readings: table", "note: text", "log: bytes", "first: file", "days: folder"],
  ]);
  expect(await names(run.id)).toEqual(["mean: json", "report.md: text"]);
  expect((await kept.list(run.id))[0]!.model).toEqual({ framework: "arithmetic", labels: ["degrees"] });
  expect(await metrics.summaries(run.id)).toMatchObject([{ title: "Summary", series: "mean" }]);
  expect(await figures.list(run.id)).toMatchObject([{ kind: "text", title: "report" }]);
  expect(await figures.list(`${run.id}/made`)).toMatchObject([{ kind: "plot", title: "temperature" }]);
});
