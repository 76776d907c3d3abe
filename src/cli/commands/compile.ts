import { extname } from "node:path";
import { Command } from "commander";
import type { Pipeline } from "../../model/pipeline.ts";
import { exitCodes, explain, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { cacheFolder } from "../folder.ts";
import { onInterrupt } from "../interrupt.ts";
import { changesOf } from "../pipeline-changes.ts";
import { compileFile, type Sourced } from "../source.ts";
import { versions } from "../versions.ts";
import { hasColor } from "../view/style.ts";
import { formatBytes, plural } from "../view/text.ts";
import { writeWhole } from "../whole-file.ts";

export const compile = (): Command =>
  new Command("compile")
    .description("write the pipeline JSON of a TypeScript file; problems go to stderr")
    .argument("<file>", "the TypeScript file that declares the pipeline")
    .option("-o, --output <file>", "write here instead of to stdout")
    .option("--pipeline <name>", "which one, where the file declares several")
    .option("-w, --watch", "again whenever the program changes, until Ctrl-C; without -o it is only checked")
    .addHelpText(
      "after",
      "\nExamples:\n  reprise compile pipeline.ts -o pipeline.json\n  reprise compile pipeline.ts -o pipeline.json --watch\n  reprise compile pipeline.ts | jq .graph",
    )
    .action(exiting(compileToJson));

type Flags = { output?: string; pipeline?: string; watch?: boolean };

async function compileToJson(file: string, flags: Flags, command: Command): Promise<number> {
  return flags.watch ? watchToJson(file, flags) : compileOnce(file, flags, command);
}

/** A line for each time, or the problems. */
async function watchToJson(file: string, { output, pipeline }: Flags): Promise<number> {
  if (extname(file) === ".json")
    throw new UsageError(`${file} is no TypeScript: --watch compiles what has changed`, "Leave --watch out.");
  const over = new AbortController();
  using _ = onInterrupt({ abort: () => over.abort(), kill: () => {} });
  let before: Pipeline | undefined;
  let known: string | undefined;
  for await (const version of versions(file, { pipeline, signal: over.signal })) {
    const now = "error" in version ? explain(version.error, { color: hasColor(process.stderr) }) : version.compiled;
    // A change may leave all as it was.
    if (now.text === known) continue;
    known = now.text;
    if (!("pipeline" in now)) {
      process.stderr.write(`${timeOfDay()} ${file} does not compile\n\n${now.text}\n`);
      continue;
    }
    if (output !== undefined) writeWhole(output, now.text);
    const what = before === undefined ? factsOf(now) : changesOf(before, now.pipeline);
    const facts = [what.length === 0 ? "only places" : what.join(", "), `${Math.round(version.ms)} ms`];
    process.stderr.write(`${timeOfDay()} ${output ?? file}: ${facts.join(", ")}\n`);
    before = now.pipeline;
  }
  return exitCodes.completed;
}

const timeOfDay = () => new Date().toTimeString().slice(0, 8);

async function compileOnce(file: string, { output, pipeline }: Flags, command: Command): Promise<number> {
  const startedAt = performance.now();
  const compiled = await compileFile(file, { cache: cacheFolder(command), ...(pipeline && { pipeline }) });
  if (output === undefined) {
    process.stdout.write(compiled.text);
    return exitCodes.completed;
  }
  writeWhole(output, compiled.text);
  const facts = [...factsOf(compiled), `${Math.round(performance.now() - startedAt)} ms`];
  process.stderr.write(`${output}: ${facts.join(", ")}\n`);
  return exitCodes.completed;
}

function factsOf({ pipeline: { name, templates, graph }, text }: Sourced): string[] {
  return [
    `"${name}"`,
    plural(Object.keys(templates).length, "step"),
    plural(countNodes(graph), "node"),
    formatBytes(Buffer.byteLength(text)),
  ];
}

/** Nodes of all regions; in the JSON they are what has both a kind and an id, but for arrows. */
function countNodes(part: unknown): number {
  if (part === null || typeof part !== "object") return 0;
  const { id, kind } = part as { id?: unknown; kind?: unknown };
  const own = typeof id === "string" && typeof kind === "string" && kind !== "arrow" ? 1 : 0;
  return Object.values(part).reduce((sum: number, inner) => sum + countNodes(inner), own);
}
