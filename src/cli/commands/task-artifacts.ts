import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { readerOf } from "../../artifacts/reader.ts";
import { Artifact, type KeptArtifact } from "../../model/artifact.ts";
import { nearest } from "../../model/nearest.ts";
import { exitCodes, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { findTask, tasksOf } from "../find.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines, screenOf } from "../output.ts";
import { table } from "../view/table.ts";
import { formatBytes } from "../view/text.ts";

export const taskArtifacts = (): Command =>
  new Command("artifacts")
    .description("what a task made and kept by name, and the models that it took; with --get, the content of one")
    .argument("<task>", "the id of a task or a run, or the beginning of it")
    .option("--get <name>", "the content of this artifact, to stdout")
    .option("-o, --output <file>", "with --get: write it here instead; a folder becomes a folder again")
    .option("--models", "only models")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  reprise task artifacts m1x7k2\n  reprise task artifacts m1x7k2/report --get model.json -o model.json",
    )
    .action(exiting(showArtifacts));

type Flags = { get?: string; output?: string; models?: boolean; json?: boolean };

async function showArtifacts(id: string, { get, output, models, json }: Flags, command: Command): Promise<number> {
  if (output !== undefined && get === undefined) throw new UsageError("-o needs --get NAME, which says what to write");
  await using store = await existingStore(command);
  const task = await findTask(store, id);
  const tasks = await tasksOf(store, task);
  const all = (await Promise.all(tasks.map(({ id }) => store.artifacts.list(id)))).flat();
  const artifacts = models ? all.filter(({ model }) => model !== undefined) : all;
  const reader = readerOf((hash) => store.blobs.file(hash));
  if (get !== undefined) await write(new Artifact(theOne(artifacts, get, task.id), reader), output);
  else if (json) printJson(artifacts);
  else if (artifacts.length === 0) process.stderr.write("no artifacts\n");
  else printLines(rows(artifacts, task.id));
  return exitCodes.completed;
}

function theOne(artifacts: KeptArtifact[], name: string, task: string): KeptArtifact {
  const named = artifacts.filter((artifact) => artifact.name === name);
  const made = named.filter(({ role }) => role === "output");
  const all = made.length > 0 ? made : named;
  // What a run and one of its steps have is the run's own: a step is named by itself.
  const own = all.filter((artifact) => artifact.task === task);
  const found = own.length > 0 ? own : all;
  if (found.length === 1) return found[0]!;
  if (found.length > 1) {
    const owners = found
      .slice(0, 5)
      .map((artifact) => artifact.task)
      .join(", ");
    throw new UsageError(`${found.length} tasks of ${task} have an artifact "${name}"`, `Name the task: ${owners}`);
  }
  const names = new Set(artifacts.map((artifact) => artifact.name));
  const meant = nearest(name, names);
  const remedy = names.size === 0 ? "It has none at all." : `It has ${[...names].slice(0, 8).join(", ")}.`;
  throw new UsageError(`${task} has no artifact "${name}"`, meant ? `Is it ${meant}?` : remedy);
}

/** Piece by piece: however large it is, it goes through no memory. */
async function write(artifact: Artifact, path: string | undefined): Promise<void> {
  if (path === undefined) return pipeline(artifact.stream(), process.stdout, { end: false });
  try {
    await (artifact.kind === "folder" ? artifact.folder(path) : artifact.file(path));
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}`);
  }
}

function rows(artifacts: KeptArtifact[], task: string): string[] {
  const { width, style } = screenOf(process.stdout);
  const [head, ...body] = table(
    artifacts,
    [
      { title: "name", cell: ({ name }) => name, least: 10 },
      { title: "size", cell: ({ bytes }) => formatBytes(bytes), align: "right" },
      { title: "type", cell: ({ type }) => type, least: 6 },
      { title: "task", cell: (artifact) => artifact.task.slice(task.length + 1) || artifact.task, least: 8 },
      ...(artifacts.some((artifact) => what(artifact) !== "") ? [{ title: "as", cell: what, least: 6 }] : []),
      { title: "content", cell: ({ hash }) => hash.slice(0, "sha256:".length + 12), style: style.dim },
    ],
    width,
  );
  return [style.dim(head!), ...body];
}

/** What is to be said of it besides its type. */
function what({ kind, role, model }: KeptArtifact): string {
  const kinds = model
    ? ["model", ...(model.framework ? [model.framework] : [])]
    : ["folder", "table"].filter((each) => each === kind);
  return [...(role === "input" ? ["input"] : []), ...kinds].join(" ");
}
