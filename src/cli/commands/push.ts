import { Command } from "commander";
import { runId } from "../../model/run-id.ts";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { project } from "../flags.ts";
import { cacheFolder } from "../folder.ts";
import { printJson, printLines } from "../output.ts";
import { readPipeline } from "../source.ts";
import { openTasks } from "../tasks-of.ts";

export const push = (): Command =>
  new Command("push")
    .description("register a pipeline as a draft controller task: to be cloned, edited, enqueued")
    .argument("<file>", "a TypeScript file that declares a pipeline, or a pipeline JSON")
    .option("--pipeline <name>", "which one, where the file declares several")
    .option("--project <project>", "default: the pipeline's own", project)
    .option("--name <name>", "default: the pipeline's own")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nThe same pipeline again gives the draft that is there.\n\nExample:\n  reprise push pipeline.ts --project examples\n  reprise task clone m1x7k2 --param target=0.9",
    )
    .action(exiting(pushFile));

type Flags = { pipeline?: string; project?: string; name?: string; json?: boolean };

async function pushFile(file: string, { pipeline, project, name, json }: Flags, command: Command): Promise<number> {
  const compiled = await readPipeline(file, { cache: cacheFolder(command), ...(pipeline && { pipeline }) });
  await using tasks = await openTasks(command, { make: true });
  const { store, host } = tasks;
  const { controller } = await store.runs.register(compiled);
  const wanted = { name: name ?? compiled.name, ...(project !== undefined && { project }) };
  const drafts = await host.query({ parent: controller, status: "draft", name: wanted.name });
  const known = drafts.find((draft) => project === undefined || draft.project === project);
  const draft = known ?? (await (await host.get(controller)).clone({ id: runId(Date.now()), ...wanted }));
  if (json) printJson({ id: draft.id, name: draft.name, project: draft.project ?? null, created: known === undefined });
  else printLines([`${draft.id} (${draft.name}) is ${known ? "there already, as a draft" : "a draft"}`]);
  return exitCodes.completed;
}
