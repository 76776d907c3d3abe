import { Command } from "commander";
import { durationMs } from "../../model/duration.ts";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { ruled } from "../flags.ts";
import { existingStore, storeFolder } from "../folder.ts";
import { printJson, printLines } from "../output.ts";
import { formatBytes, plural } from "../view/text.ts";

export const prune = (): Command =>
  new Command("prune")
    .description("remove old runs, and what nothing refers to any more; runs that go on, or are published, stay")
    .option(
      "--older-than <duration>",
      "only what ended, or was last used, longer ago (default: 30d)",
      ruled("--older-than", durationMs),
      durationMs("30d"),
    )
    .option("--dry-run", "remove nothing, and say what would go")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExamples:\n  reprise prune --dry-run\n  reprise prune --older-than 7d")
    .action(exiting(pruneStore));

type Flags = { olderThan: number; dryRun?: boolean; json?: boolean };

async function pruneStore({ olderThan, dryRun = false, json }: Flags, command: Command): Promise<number> {
  const before = Date.now() - olderThan;
  await using store = await existingStore(command);
  const { prune } = await import("../../tasks/prune.ts");
  const { tasks, pipelines, blobs, bytes, caches } = await prune(store, storeFolder(command), before, { dryRun });
  if (json) printJson({ dryRun, tasks, pipelines, blobs, bytes, caches });
  else
    printLines([
      ...tasks.map((task) => `  ${task}`),
      `${dryRun ? "would remove" : "removed"} ${plural(tasks.length, "run")}, ${plural(pipelines, "pipeline")}, ` +
        `${plural(blobs, "content")} (${formatBytes(bytes)}) and ${plural(caches, "cached file")}`,
    ]);
  return exitCodes.completed;
}
