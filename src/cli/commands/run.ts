import { dirname, resolve } from "node:path";
import { Command, Option } from "commander";
import type { Pipeline } from "../../model/pipeline.ts";
import type { Resources } from "../../model/resources.ts";
import { budgetOption } from "../budget.ts";
import { explain, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { collect } from "../flags.ts";
import { cacheFolder, storeName } from "../folder.ts";
import { printJson } from "../output.ts";
import { type ParamFlags, readParams } from "../params.ts";
import { resourcesOption } from "../resources.ts";
import { readPipeline } from "../source.ts";
import { whole } from "../whole.ts";

export const run = (): Command =>
  new Command("run")
    .description("run a pipeline to its end: TypeScript is compiled first, pipeline JSON runs as it is")
    .argument("<file>", "a TypeScript file that declares a pipeline, or a pipeline JSON")
    .option("--pipeline <name>", "which one, where the file declares several")
    .option("--params <json>", "all params as one JSON object, or @FILE that holds it")
    .option("--param <name=value>", "one param; the value is JSON, else text", collect)
    .option("--json", "print one JSON object, { run, status, result, error }, and nothing else")
    .option("--refresh [steps...]", "do cached steps again: all, or those named, after the file")
    .option("--queue <queue>", "let an agent run it that serves this queue, instead of running it here")
    .option("--detach", "do not wait for it: only with --queue")
    .option("--open", "show the run in a browser, where the store is at a hub")
    .option("--id <id>", "name the run; where a run with that name exists, it is joined")
    .addOption(
      new Option(
        "-w, --watch",
        "run it again whenever the file, or what it imports, has changed, until Ctrl-C; a run that goes on is aborted",
      ).conflicts(["json", "detach", "id"]),
    )
    .addOption(
      new Option("--durability <mode>", "what survives: `normal` a crash of the process, `full` also a loss of power")
        .choices(["normal", "full"])
        .default("normal"),
    )
    .addOption(
      new Option("--isolation <mode>", "where steps run: each in a process, or inline in this one")
        .choices(["process", "inline"])
        .default("process"),
    )
    .option("--slots <n>", "so many steps at once (default: one for each core)", whole("--slots"))
    .addOption(resourcesOption())
    .addOption(budgetOption())
    .addHelpText(
      "after",
      "\nExamples:\n  reprise run pipeline.ts\n  reprise run pipeline.ts --param target=0.97 --param seed=3\n  reprise run pipeline.json --json --params @params.json\n  reprise run pipeline.ts --watch",
    )
    .action(exiting(runFile));

type Flags = ParamFlags & {
  pipeline?: string;
  json?: boolean;
  refresh?: true | string[];
  id?: string;
  queue?: string;
  detach?: boolean;
  open?: boolean;
  watch?: boolean;
  durability: "normal" | "full";
  isolation: "process" | "inline";
  slots?: number;
  resources?: Resources;
  budget?: number;
};

async function runFile(file: string, flags: Flags, command: Command): Promise<number> {
  try {
    return await start(file, flags, command);
  } catch (error) {
    if (!flags.json) throw error;
    // Programs get their one object also where nothing was started; people the sentence as ever.
    const { name, message } = error as Error;
    printJson({ run: null, status: null, result: null, error: { name, message, step: null } });
    process.stderr.write(explain(error, { color: false }).text);
    return explain(error, { color: false }).exitCode;
  }
}

async function start(file: string, flags: Flags, command: Command): Promise<number> {
  const { pipeline, queue, detach = false, watch = false } = flags;
  if (detach && queue === undefined)
    throw new UsageError("--detach is for runs that agents run", "Say where they wait: --queue services --detach.");
  const source = { cache: cacheFolder(command), ...(pipeline && { pipeline }) };
  const store = storeName(command);
  if (watch) {
    const { runAgain } = await import("../run-again.ts");
    return runAgain(file, source, (compiled, changed) => runOnce(compiled, { file, store, flags, changed }));
  }
  const [compiled] = await Promise.all([readPipeline(file, source), import("../../open.ts"), import("../present.ts")]);
  return runOnce(compiled, { file, store, flags });
}

type Once = { file: string; store: string; flags: Flags; changed?: Promise<string | undefined> };

async function runOnce(compiled: Pipeline, { file, store, flags, changed }: Once): Promise<number> {
  const { json = false, id, refresh, durability, isolation, slots, resources, budget, queue, detach = false } = flags;
  const params = readParams(flags);
  const [{ open }, { detached, present }] = await Promise.all([import("../../open.ts"), import("../present.ts")]);
  await using reprise = await open({
    store,
    durability,
    isolation,
    ...(slots && { slots }),
    ...(resources && { resources }),
    ...(budget && { budget }),
  });
  const started = await reprise.start(compiled, params, {
    ...(queue !== undefined && { queue }),
    ...(id !== undefined && { id }),
    ...(refresh !== undefined && { refresh }),
    folder: dirname(resolve(file)),
  });
  if (flags.open) {
    const { openRun } = await import("../page.ts");
    await openRun(started.id, store);
  }
  if (detach) return await detached(await reprise.tasks.get(started.id), { json, store });
  return await present(reprise, started, {
    ...{ json, store, file, after: 0, elsewhere: queue !== undefined },
    ...(changed && { changed }),
  });
}
