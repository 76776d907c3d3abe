import { Command } from "commander";
import type { Resources } from "../../model/resources.ts";
import { budgetOption } from "../budget.ts";
import { UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { findRun } from "../find.ts";
import { collect, readParameters } from "../flags.ts";
import { existingStore, storeFolder } from "../folder.ts";
import type { ParamFlags } from "../params.ts";
import { resourcesOption } from "../resources.ts";
import { whole } from "../whole.ts";

const examples = `
With --from, the step runs again, and what depends on it: what takes a value that was made from its output, and what is called where a decision looked at one.
Every other call that was completed with the same input takes its output from the earlier run, and task why says so. Waits begin anew.

Examples:
  reprise rerun m1x7k2 --param target=0.97
  reprise rerun m1x7k2 --from fit
  reprise rerun m1x7k2 --from 'loop1[3]/fit' --id from-the-third`;

export const rerun = (): Command =>
  new Command("rerun")
    .description("a new run of the same pipeline with the same params: all of it again, or from a step on")
    .argument("<run>", "the run's id, or the beginning of it")
    .option("--from <step>", "a step's path in the run, without numbers for all turns, or its name for all its calls")
    .option("--params <json>", "other params, as one JSON object, or @FILE that holds it; the rest stays")
    .option("--param <name=value>", "another value of one param; the value is JSON, else text", collect)
    .option("--json", "print one JSON object, { run, status, result, error }, and nothing else")
    .option("--queue <queue>", "let an agent run it that serves this queue, instead of running it here")
    .option("--detach", "do not wait for it: only with --queue")
    .option("--id <id>", "name the new run; where a run with that name exists, it is joined")
    .option("--slots <n>", "so many steps at once (default: one for each core)", whole("--slots"))
    .addOption(resourcesOption())
    .addOption(budgetOption())
    .addHelpText("after", examples)
    .action(exiting(rerunRun));

type Flags = ParamFlags & {
  from?: string;
  json?: boolean;
  queue?: string;
  detach?: boolean;
  id?: string;
  slots?: number;
  resources?: Resources;
  budget?: number;
};

async function rerunRun(given: string, flags: Flags, command: Command): Promise<number> {
  const { from, json = false, queue, detach = false, id, slots, resources, budget } = flags;
  if (detach && queue === undefined)
    throw new UsageError("--detach is for runs that agents run", "Say where they wait: --queue services --detach.");
  const params = readParameters(flags);
  const run = await wholeId(given, command);
  const [{ open }, { detached, present }] = await Promise.all([import("../../open.ts"), import("../present.ts")]);
  const store = storeFolder(command);
  await using reprise = await open({
    store,
    ...(slots && { slots }),
    ...(resources && { resources }),
    ...(budget && { budget }),
  });
  const started = await reprise.rerun(run, {
    ...(from !== undefined && { from }),
    ...(params !== undefined && { params }),
    ...(queue !== undefined && { queue }),
    ...(id !== undefined && { id }),
  });
  if (detach) return await detached(await reprise.tasks.get(started.id), json);
  return await present(reprise, started, { json, store, after: 0 });
}

async function wholeId(id: string, command: Command): Promise<string> {
  await using store = await existingStore(command);
  // A run that another one called may be done again by itself.
  return ((await store.tasks.get(id)) ?? (await findRun(store, id))).id;
}
