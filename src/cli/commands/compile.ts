import { Command } from "commander";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { cacheFolder } from "../folder.ts";
import { compileFile } from "../source.ts";
import { formatBytes, plural } from "../view/text.ts";
import { writeWhole } from "../whole-file.ts";

export const compile = (): Command =>
  new Command("compile")
    .description("write the pipeline JSON of a TypeScript file; problems go to stderr")
    .argument("<file>", "the TypeScript file that declares the pipeline")
    .option("-o, --output <file>", "write here instead of to stdout")
    .option("--pipeline <name>", "which one, where the file declares several")
    .addHelpText(
      "after",
      "\nExamples:\n  reprise compile pipeline.ts -o pipeline.json\n  reprise compile pipeline.ts | jq .graph",
    )
    .action(exiting(compileToJson));

type Flags = { output?: string; pipeline?: string };

async function compileToJson(file: string, { output, pipeline }: Flags, command: Command): Promise<number> {
  const startedAt = performance.now();
  const compiled = await compileFile(file, { cache: cacheFolder(command), ...(pipeline && { pipeline }) });
  if (output === undefined) {
    process.stdout.write(compiled.text);
    return exitCodes.completed;
  }
  writeWhole(output, compiled.text);
  const { name, templates, graph } = compiled.pipeline;
  const facts = [
    plural(Object.keys(templates).length, "step"),
    plural(countNodes(graph), "node"),
    formatBytes(Buffer.byteLength(compiled.text)),
    `${Math.round(performance.now() - startedAt)} ms`,
  ];
  process.stderr.write(`${output}: "${name}", ${facts.join(", ")}\n`);
  return exitCodes.completed;
}

/** Nodes of all regions; in the JSON they are what has both a kind and an id, but for arrows. */
function countNodes(part: unknown): number {
  if (part === null || typeof part !== "object") return 0;
  const { id, kind } = part as { id?: unknown; kind?: unknown };
  const own = typeof id === "string" && typeof kind === "string" && kind !== "arrow" ? 1 : 0;
  return Object.values(part).reduce((sum: number, inner) => sum + countNodes(inner), own);
}
