/** The pipeline of existing tasks: its templates are registered by hand, as its README says. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { open, type Reprise } from "../../src/open.ts";

const checkout = join(import.meta.dirname, "../..");
const file = join(checkout, "examples/from-tasks/pipeline.ts");
let store: string;
let reprise: Reprise;

beforeAll(async () => {
  store = await mkdtemp(join(tmpdir(), "reprise-from-tasks-"));
  for (const script of ["dataset", "process", "train"])
    await promisify(execFile)(process.execPath, ["--conditions=reprise-source", `examples/from-tasks/${script}.ts`], {
      cwd: checkout,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, REPRISE_STORE: store },
    });
  reprise = await open({ store, agents: [{ queues: ["default", "services"], slots: 2 }] });
}, 60_000);
afterAll(async () => {
  await reprise.close();
  await rm(store, { recursive: true, force: true });
});

type Result = { accuracy: number; tested: number; model: { name: string; json(): Promise<unknown> } };

test("run by hand, the scripts are drafts that have made nothing", async () => {
  const drafts = await reprise.tasks.query({ project: "examples" });
  expect(drafts.map(({ name, status }) => [name, status]).sort()).toEqual([
    ["dataset", "draft"],
    ["process", "draft"],
    ["train", "draft"],
  ]);
  for (const draft of drafts) expect(await draft.artifacts()).toEqual([]);
});

test("the pipeline clones them, and each reads what the one before it made", { timeout: 60_000 }, async () => {
  const run = await reprise.start({ file }, { rows: 80 });
  const { model, accuracy, tested } = (await run.result()) as Result;
  expect(tested).toBe(20);
  expect(accuracy).toBeGreaterThan(0.7);
  expect(await model.json()).toMatchObject({ kinds: ["setosa", "virginica"] });
  const named = async (path: string) =>
    (await reprise.store.artifacts.list(`${run.id}/${path}`)).map(({ name }) => name);
  const tasks = await reprise.store.tasks.list({ run: run.id });
  const paths = tasks.map(({ path }) => path).filter((path) => path !== undefined);
  expect(await Promise.all(paths.map(named))).toEqual([
    ["dataset"],
    ["trainX", "trainY", "testX", "testY"],
    ["middles"],
  ]);
  const [trained] = await reprise.store.figures.list(`${run.id}/${paths[2]}`);
  expect(trained).toMatchObject({ kind: "plot", title: "confusion" });
});

test("a data set may come from a file, and none is an error of the task that needs one", {
  timeout: 60_000,
}, async () => {
  const data = join(store, "data.csv");
  await writeFile(data, "petal,sepal,kind\n1,5,a\n2,6,b\n1.1,5.1,a\n2.1,6.1,b\n");
  const run = await reprise.start({ file }, { url: pathToFileURL(data).href });
  expect((await run.result()) as Result).toMatchObject({ tested: 1 });
  const alone = await (await reprise.tasks.get({ project: "examples", name: "process" })).clone();
  const { status, error } = await (await alone.enqueue()).wait();
  expect([status, error?.message]).toEqual(["failed", "there is no data set: give datasetTask, or datasetUrl"]);
});
