import { Command, Option } from "commander";
import { definitionOf } from "../../model/definition.ts";
import type { Pipeline } from "../../model/pipeline.ts";
import { exitCodes, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { findRun } from "../find.ts";
import { cacheFolder, existingStore } from "../folder.ts";
import type { Picture } from "../graph/picture.ts";
import { printLines } from "../output.ts";
import { decisionsOf } from "../run-decisions.ts";
import { isSourceFile, readPipeline } from "../source.ts";
import { writeWhole } from "../whole-file.ts";

const examples = `
Examples:
  reprise graph pipeline.ts > pipeline.mmd                  for a Markdown page
  reprise graph pipeline.ts --format svg -o pipeline.svg    a picture by itself, light and dark
  reprise graph pipeline.ts --format dot | dot -Tpdf        for Graphviz
  reprise graph m1x7k2 --format svg -o run.svg              a run: what was called how often, how long it took
  reprise graph --diff old.json new.json                    what changed, in words
  reprise graph --diff old.ts new.ts --format svg -o d.svg  and in the picture`;

export const graph = (): Command =>
  new Command("graph")
    .description("the graph of a pipeline or of a run as a picture: steps, loops, decisions, and the data between them")
    .argument("<file|run>", "a TypeScript file, a pipeline JSON, or the id of a run")
    .argument("[other]", "with --diff: the newer one")
    .option("--pipeline <name>", "which one, where the file declares several")
    .option("--diff", "what changed between two pipelines: in words, and with --format in the picture")
    .addOption(new Option("--format <format>", "of the picture; default: mermaid").choices(["mermaid", "dot", "svg"]))
    .option("-o, --output <file>", "write the picture here instead of to stdout")
    .addHelpText("after", examples)
    .action(exiting(drawGraph));

type Format = "mermaid" | "dot" | "svg";
type Flags = { pipeline?: string; diff?: true; format?: Format; output?: string };
/** Already drawn, with the name that stands above. */
type Drawn = { name: string; picture: Picture };

async function drawGraph(source: string, other: string | undefined, flags: Flags, command: Command): Promise<number> {
  if (flags.diff) return drawDiff(source, other, flags, command);
  if (other !== undefined)
    throw new UsageError("graph draws one pipeline or one run", "To compare two, write graph --diff A B.");
  const drawn = isSourceFile(source) ? await ofFile(source, flags, command) : await ofRun(source, command);
  await write(drawn, flags);
  return exitCodes.completed;
}

async function ofFile(file: string, { pipeline: name }: Flags, command: Command): Promise<Drawn> {
  const { picture } = await import("../graph/picture.ts");
  const pipeline = await read(file, name, command);
  return { name: pipeline.name, picture: picture(pipeline) };
}

async function ofRun(id: string, command: Command): Promise<Drawn> {
  const [{ picture }, { ofRun }] = await Promise.all([import("../graph/picture.ts"), import("../graph/of-run.ts")]);
  await using store = await existingStore(command);
  const run = await findRun(store, id);
  if (run.code.kind !== "controller") throw new UsageError(`${run.id} is a task of its own, and has no graph`);
  const { pipeline: hash, definition } = run.code;
  const pipeline = await store.runs.pipeline(hash);
  const drawn = picture(pipeline, definition === undefined ? pipeline : definitionOf(pipeline, definition));
  const tasks = await store.tasks.list({ run: run.id });
  const decisions = (await Array.fromAsync(decisionsOf(store, run.id))).flat();
  const seen = ofRun(drawn, run, { tasks, decisions }, Date.now());
  return { name: `${run.name}, run ${run.id}: ${run.status}`, picture: seen };
}

/** The words go to stdout, unless the picture does. */
async function drawDiff(before: string, after: string | undefined, flags: Flags, command: Command): Promise<number> {
  if (after === undefined) throw new UsageError("--diff compares two pipelines", "Write graph --diff OLD NEW.");
  const [{ comparePipelines }, { mergePictures }, { picture }] = await Promise.all([
    import("../graph/diff/pipelines.ts"),
    import("../graph/diff/pictures.ts"),
    import("../graph/picture.ts"),
  ]);
  const [a, b] = [await read(before, flags.pipeline, command), await read(after, flags.pipeline, command)];
  const comparison = comparePipelines(a, b);
  const asked = flags.format !== undefined || flags.output !== undefined;
  if (asked)
    await write(
      { name: `${a.name}: ${before} → ${after}`, picture: mergePictures(picture(a), picture(b), comparison) },
      flags,
    );
  if (!asked || flags.output !== undefined) printLines(comparison.words);
  return exitCodes.completed;
}

const read = (file: string, name: string | undefined, command: Command): Promise<Pipeline> =>
  readPipeline(file, { cache: cacheFolder(command), ...(name !== undefined && { pipeline: name }) });

async function write(drawn: Drawn, { format = "mermaid", output }: Flags): Promise<void> {
  const text = await textOf(drawn, format);
  if (output === undefined) process.stdout.write(text);
  else writeWhole(output, text);
}

async function textOf({ name, picture }: Drawn, format: Format): Promise<string> {
  switch (format) {
    case "mermaid":
      return (await import("../graph/mermaid.ts")).mermaid(picture);
    case "dot":
      return (await import("../graph/dot.ts")).dot(picture, name);
    case "svg":
      return (await import("../graph/svg/svg.ts")).svg(picture, name);
  }
}
