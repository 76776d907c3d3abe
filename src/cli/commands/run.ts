import { dirname, resolve } from "node:path";
import { Command, Option } from "commander";
import type { Pipeline } from "../../model/pipeline.ts";
import type { Resources } from "../../model/resources.ts";
import type { TaskHandle } from "../../model/task-handle.ts";
import { budgetOption } from "../budget.ts";
import { exitCodes, explain, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { cacheFolder, storeFolder } from "../folder.ts";
import { printJson } from "../output.ts";
import { type ParamFlags, readParams } from "../params.ts";
import { resourcesOption } from "../resources.ts";
import { readPipeline } from "../source.ts";
import { warnUnserved } from "../warn-unserved.ts";
import { type Begun, watchRuns } from "../watch-runs.ts";
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
    .option("--id <id>", "name the run; where a run with that name exists, it is joined")
    .option("-w, --watch", "run it again whenever the program changes, until Ctrl-C; what still runs is aborted first")
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
      "\nExamples:\n  reprise run pipeline.ts\n  reprise run pipeline.ts --param target=0.97 --param seed=3\n  reprise run pipeline.ts --watch\n  reprise run pipeline.json --json --params @params.json",
    )
    .action(exiting(runFile));

type Flags = ParamFlags & {
  pipeline?: string;
  json?: boolean;
  refresh?: true | string[];
  id?: string;
  queue?: string;
  detach?: boolean;
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
  const { pipeline, detach = false, queue, watch, id } = flags;
  if (detach && queue === undefined)
    throw new UsageError("--detach is for runs that agents run", "Say where they wait: --queue services --detach.");
  if (watch && (id !== undefined || detach))
    throw new UsageError(
      `--watch starts a run of its own each time, and waits for it: --${detach ? "detach" : "id"} does not go with it`,
      "Leave one of them out.",
    );
  const store = storeFolder(command);
  const params = readParams(flags);
  if (watch)
    return watchRuns(file, pipeline, (compiled, begun) => runOnce(file, compiled, params, flags, store, begun));
  const [compiled] = await Promise.all([
    readPipeline(file, { cache: cacheFolder(command), ...(pipeline && { pipeline }) }),
    import("../../open.ts"),
    import("../present.ts"),
  ]);
  return runOnce(file, compiled, params, flags, store);
}

/** `begun` hears of the run when it is under way. */
async function runOnce(
  file: string,
  compiled: Pipeline,
  params: unknown,
  flags: Flags,
  store: string,
  begun?: (run: Begun) => void,
): Promise<number> {
  const { json = false, id, refresh, durability, isolation, slots, resources, budget, queue, detach = false } = flags;
  const [{ open }, { present }] = await Promise.all([import("../../open.ts"), import("../present.ts")]);
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
  begun?.({ abort: (reason) => started.abort(reason), kill: () => reprise.kill() });
  if (detach) return await detached(await reprise.tasks.get(started.id), json);
  return await present(reprise, started, { json, store, file, after: 0 });
}

async function detached({ id, record, unserved }: TaskHandle, json: boolean): Promise<number> {
  if (json) printJson({ run: id, status: "queued", result: null, error: null });
  else process.stdout.write(`${id} (${record.name}) waits for an agent\n`);
  if (unserved) await warnUnserved(record);
  return exitCodes.completed;
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
