/** Draws the pictures of docs/images/: graphs of five kinds, and a run of the flagship. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ofRun } from "../src/cli/graph/of-run.ts";
import { picture } from "../src/cli/graph/picture.ts";
import { svg } from "../src/cli/graph/svg/svg.ts";
import { decisionsOf } from "../src/cli/run-decisions.ts";
import { compile } from "../src/compiler/compile.ts";
import type { Pipeline } from "../src/model/pipeline.ts";
import { open } from "../src/open.ts";
import { manySteps } from "./pictures/many.ts";

const scratch = mkdtempSync(join(tmpdir(), "reprise-pictures-"));

for (const name of ["nested-loops", "branches", "fan-out", "nested-pipelines"])
  drawGraph(name, await compiled(join(import.meta.dirname, "pictures", `${name}.ts`)));
drawGraph("200-steps", manySteps(200));
await drawRun("rerun-until-good", await compiled(join(import.meta.dirname, "../examples/rerun-until-good/pipeline.ts")));

async function compiled(file: string): Promise<Pipeline> {
  return (await compile(file, { cache: join(scratch, "cache") })).pipeline;
}

function drawGraph(name: string, pipeline: Pipeline): void {
  write(name, svg(picture(pipeline), pipeline.name));
}

async function drawRun(name: string, pipeline: Pipeline): Promise<void> {
  await using reprise = await open({ store: join(scratch, "store"), agents: [{ queues: ["default", "services"], slots: 2 }] });
  const run = await reprise.start(pipeline, {});
  await run.result();
  const task = await reprise.store.tasks.get(run.id);
  const tasks = await reprise.store.tasks.list({ run: run.id });
  const decisions = (await Array.fromAsync(decisionsOf(reprise.store, run.id))).flat();
  write(name, svg(ofRun(picture(pipeline), task!, { tasks, decisions }, Date.now()), `A run of the pipeline "${pipeline.name}"`));
}

function write(name: string, text: string): void {
  writeFileSync(join(import.meta.dirname, "images", `${name}.svg`), text);
}
