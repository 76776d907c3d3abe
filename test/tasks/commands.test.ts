/** Commands as tasks: created, cloned, run by agents, called by pipelines. */
import { symlinkSync } from "node:fs";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, test } from "vitest";
import type { TaskTemplate } from "../../src/model/template.ts";
import * as p from "../runtime/controller/programs.ts";
import { projectWith } from "./scripts.ts";

const served = [{ queues: ["default", "services"], slots: 2 }];
const timeout = "30s";

/** Gives its arguments, its parameters, and the files that it finds. */
const tells = `const { readFileSync, readdirSync, writeFileSync } = require("node:fs");
const parameters = JSON.parse(readFileSync(process.env.REPRISE_PARAMETERS, "utf8"));
const files = readdirSync(".", { recursive: true }).sort();
writeFileSync(process.env.REPRISE_OUTPUT, JSON.stringify({ args: process.argv.slice(2), parameters, files }));
`;

const files = { "tells.cjs": tells, "rows.csv": "1,2\n", "other.csv": "3\n" };

/** Vitest's own folder is not the project's. */
function inFolder(folder: string): void {
  const before = process.cwd();
  process.chdir(folder);
  onTestFinished(() => process.chdir(before));
}

describe("a command", () => {
  it("is a draft with the files that it names; a clone runs with other parameters, and gives what it writes", async () => {
    const { reprise, folder } = await projectWith(files, served);
    inFolder(folder);
    const task = await reprise.tasks.create({
      project: "examples",
      command: `'${process.execPath}' tells.cjs --data=rows.csv --rate={rate} {note}`,
      parameters: { rate: 0.8, note: "as it was", deep: [1] },
    });
    expect(task).toMatchObject({ name: "node", status: "draft", parameters: { rate: 0.8 }, project: "examples" });
    const clone = await task.clone({ parameters: { rate: 0.1, note: "'; exit 1 #" } });
    expect((await (await clone.enqueue()).wait({ timeout })).output).toEqual({
      args: ["--data=rows.csv", "--rate=0.1", "'; exit 1 #"],
      parameters: { rate: 0.1, note: "'; exit 1 #", deep: [1] },
      files: ["rows.csv", "tells.cjs"],
    });
    expect((await task.reload()).parameters).toMatchObject({ rate: 0.8 });
  });

  it("refuses a clone with a parameter of another name or kind, and to be enqueued without one that it names", async () => {
    const { reprise } = await projectWith({});
    const task = await reprise.tasks.create({ command: "fit {rate} {steps}", parameters: { rate: 0.1 } });
    await expect(task.clone({ parameters: { rat: 1 } })).rejects.toThrow('unknown param "rat": did you mean "rate"?');
    await expect(task.clone({ parameters: { rate: "fast" } })).rejects.toThrow('"rate": expected a number, got "fast"');
    await expect(task.enqueue()).rejects.toThrow('"steps": missing');
    const takesAny = await reprise.tasks.create({ command: ["fit"] });
    expect((await takesAny.clone({ parameters: { x: 1 } })).parameters).toEqual({ x: 1 });
  });

  it("finds a whole folder, as it was when the task was created, without what is hidden", async () => {
    const { reprise, folder } = await projectWith({}, served);
    const source = join(folder, "source");
    await mkdir(join(source, "data"), { recursive: true });
    await writeFile(join(source, "tells.cjs"), tells);
    await writeFile(join(source, "data/rows.csv"), "1\n");
    await mkdir(join(source, "node_modules"), { recursive: true });
    await writeFile(join(source, ".env"), "PASSWORD=x\n");
    const task = await reprise.tasks.create({ command: [process.execPath, "tells.cjs"], folder: source });
    await writeFile(join(source, "tells.cjs"), "process.exit(1)");
    const done = await (await task.enqueue()).wait({ timeout });
    expect(done.output).toMatchObject({ files: ["data", "data/rows.csv", "tells.cjs"] });
    expect(await readdir(reprise.store.blobs.spool)).toEqual([]);
  });

  it.each([
    ["is not there", "nowhere", "nowhere"],
    ["is a file", "rows.csv", "is no folder"],
    ["holds a link", "links", "a symbolic link"],
  ])("is refused where its folder %s", async (_, given, reason) => {
    const { reprise, folder } = await projectWith(files);
    await mkdir(join(folder, "links"), { recursive: true });
    try {
      symlinkSync("/etc/hostname", join(folder, "links/host"));
    } catch {
      // An earlier test has made it.
    }
    const creating = reprise.tasks.create({ command: "fit", folder: join(folder, given) });
    await expect(creating).rejects.toThrow(reason);
    await expect(creating).rejects.toMatchObject({ name: "ConflictError" });
    expect(await reprise.tasks.query()).toEqual([]);
  });

  it("is tried again as its options say, and fails past its time limit", async () => {
    const { reprise } = await projectWith({}, served);
    const fails = await reprise.tasks.create({ command: [process.execPath, "-e", "process.exit(2)"], retry: 1 });
    const failed = await (await fails.enqueue()).wait({ timeout });
    expect(failed.error?.message).toBe("the command ended with exit code 2");
    expect((await failed.attempts()).map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
    const waits = await reprise.tasks.create({
      command: [process.execPath, "-e", "setInterval(() => {}, 1e3)"],
      timeLimit: 300,
    });
    expect((await (await waits.enqueue()).wait({ timeout })).error).toMatchObject({
      name: "TimeLimitError",
      message: "the command ran longer than its time limit of 300 ms",
    });
  });

  it("that is aborted by its handle is aborted", async () => {
    const { reprise } = await projectWith({}, served);
    const task = await reprise.tasks.create({
      command: [process.execPath, "-e", "console.log('ready'); setInterval(() => {}, 1e3)"],
    });
    await task.enqueue();
    await expect.poll(async () => (await task.logs()).map(({ text }) => text), { timeout: 20_000 }).toContain("ready");
    await task.abort("enough");
    expect((await task.reload()).record).toMatchObject({ status: "aborted", failure: { message: "enough" } });
  });

  it("keeps its files through a sweep, and gives them up with the task", async () => {
    const { reprise, folder } = await projectWith(files);
    inFolder(folder);
    const { store } = reprise;
    const task = await reprise.tasks.create({ command: "cat rows.csv" });
    const file = await store.blobs.file((task.record.code as { files: `sha256:${string}` }).files);
    await utimes(file, 0, 0);
    expect(await store.sweep({ before: Date.now() })).toMatchObject({ blobs: 0 });
    expect((await store.check()).missing).toEqual([]);
    await task.delete();
    expect(await store.sweep({ before: Date.now() })).toMatchObject({ blobs: 1 });
  });
});

test("a pipeline that calls a command clones it with its input, and gets what it writes", async () => {
  const { reprise, folder } = await projectWith(files, served);
  inFolder(folder);
  const task = await reprise.tasks.create({
    name: "fit",
    command: [process.execPath, "tells.cjs", "{rate}"],
    parameters: { rate: 1, steps: 3 },
  });
  const calls = (template: Partial<TaskTemplate>) => ({
    ...p.pipelineOf(
      {},
      [
        p.call("fit", p.object({ rate: p.member(p.variable("params"), "rate") }), "fitted"),
        p.wait(p.variable("fitted"), "a"),
        p.returns(p.variable("a")),
      ],
      { name: "calls a command", params: { type: "object", properties: { rate: {} } } },
    ),
    templates: { fit: { kind: "task" as const, task: { name: "fit" }, options: {}, ...template } },
  });
  const run = await reprise.start(calls({}), { rate: 0.3 });
  expect(await run.result()).toMatchObject({ args: ["0.3"], parameters: { rate: 0.3, steps: 3 } });
  expect((await reprise.tasks.get(`${run.id}/fit`)).record.parent).toBe(task.id);
  const declared = { type: "object", properties: { rate: { type: "string" } } };
  await expect(reprise.start(calls({ input: declared }), { rate: 0.3 })).rejects.toThrow(
    'the template "fit": "rate": declared as a string, and the task takes a number',
  );
});
