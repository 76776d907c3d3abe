import { availableParallelism, totalmem } from "node:os";
import { Command } from "commander";
import { checkRefresh } from "../../model/refresh.ts";
import { amountsOf, type Resources } from "../../model/resources.ts";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { collect } from "../flags.ts";
import { cacheFolder, storeFolder } from "../folder.ts";
import { printJson, printLines, screenOf } from "../output.ts";
import { type ParamFlags, readParams } from "../params.ts";
import { resourcesOption } from "../resources.ts";
import { readPipeline } from "../source.ts";

export const plan = (): Command =>
  new Command("plan")
    .description("what a run would do, and nothing runs: params, steps, queues, what the cache has, what is missing")
    .argument("<file>", "a TypeScript file that declares a pipeline, or a pipeline JSON")
    .option("--pipeline <name>", "which one, where the file declares several")
    .option("--params <json>", "all params as one JSON object, or @FILE that holds it")
    .option("--param <name=value>", "one param; the value is JSON, else text", collect)
    .option("--refresh [steps...]", "as a run that does cached steps again: all, or those named, after the file")
    .addOption(resourcesOption())
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nIt exits with 1 where something would fail at once.\n\nExamples:\n  reprise plan pipeline.ts\n  reprise plan pipeline.ts --param target=0.97 --json",
    )
    .action(exiting(planFile));

type Flags = ParamFlags & { pipeline?: string; refresh?: true | string[]; resources?: Resources; json?: boolean };

async function planFile(file: string, flags: Flags, command: Command): Promise<number> {
  const { pipeline, refresh, resources = {}, json } = flags;
  const given = readParams(flags);
  const folder = storeFolder(command);
  const [compiled, { openStore }, { planOf }, { planLines }] = await Promise.all([
    readPipeline(file, { cache: cacheFolder(command), ...(pipeline && { pipeline }) }),
    import("../../runtime/store/open.ts"),
    import("../plan/plan.ts"),
    import("../plan/lines.ts"),
  ]);
  if (refresh !== undefined) checkRefresh(refresh, compiled);
  await using store = await openStore(folder);
  const machine = { cpu: availableParallelism(), mem: totalmem(), ...amountsOf(resources) };
  const planned = await planOf(compiled, given, { store, folder, machine, ...(refresh && { refresh }) });
  if (json) printJson(planned);
  else printLines(planLines(planned, screenOf(process.stdout)));
  return planned.problems.length > 0 ? exitCodes.failed : exitCodes.completed;
}
