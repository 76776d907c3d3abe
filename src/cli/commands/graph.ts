import { Command, Option } from "commander";
import { definitionOf } from "../../model/pipeline.ts";
import { exitCodes, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { findRun } from "../find.ts";
import { cacheFolder, existingStore } from "../folder.ts";
import type { picture } from "../graph/picture.ts";
import { isSourceFile, readPipeline } from "../source.ts";

export const graph = (): Command =>
  new Command("graph")
    .description("the graph of a pipeline as a picture: steps, loops, decisions, and the data between them")
    .argument("<file|run>", "a TypeScript file, a pipeline JSON, or the id of a run")
    .option("--pipeline <name>", "which one, where the file declares several")
    .addOption(new Option("--format <format>", "of the picture").choices(["mermaid"]).default("mermaid"))
    .addHelpText("after", "\nExamples:\n  reprise graph pipeline.ts > pipeline.mmd\n  reprise graph m1x7k2")
    .action(exiting(drawGraph));

async function drawGraph(source: string, { pipeline }: { pipeline?: string }, command: Command): Promise<number> {
  const [{ mermaid }, { picture }] = await Promise.all([import("../graph/mermaid.ts"), import("../graph/picture.ts")]);
  const drawn = isSourceFile(source)
    ? picture(await readPipeline(source, { cache: cacheFolder(command), ...(pipeline && { pipeline }) }))
    : picture(...(await pipelineOfRun(source, command)));
  process.stdout.write(mermaid(drawn));
  return exitCodes.completed;
}

async function pipelineOfRun(id: string, command: Command): Promise<Parameters<typeof picture>> {
  await using store = await existingStore(command);
  const run = await findRun(store, id);
  if (run.code.kind !== "controller") throw new UsageError(`${run.id} is a task of its own, and has no graph`);
  const { pipeline: hash, definition } = run.code;
  const pipeline = await store.runs.pipeline(hash);
  return [pipeline, definition === undefined ? pipeline : definitionOf(pipeline, definition)];
}
