import { Command } from "commander";
import type { Resources } from "../../model/resources.ts";
import { budgetOption } from "../budget.ts";
import { exiting } from "../exit.ts";
import { findRun } from "../find.ts";
import { existingStore, storeName } from "../folder.ts";
import { resourcesOption } from "../resources.ts";

export const resume = (): Command =>
  new Command("resume")
    .description("go on with a run whose process ended: what is completed stays, what was lost runs again")
    .argument("<run>", "the run's id, or the beginning of it")
    .addOption(resourcesOption())
    .addOption(budgetOption())
    .option("--json", "print one JSON object, { run, status, result, error }, and nothing else")
    .addHelpText("after", "\nExample:\n  reprise resume m1x7k2")
    .action(exiting(resumeRun));

async function resumeRun(
  id: string,
  { json = false, budget, resources }: { json?: boolean; budget?: number; resources?: Resources },
  command: Command,
): Promise<number> {
  const { run, after } = await known(id, command);
  const [{ open }, { present }] = await Promise.all([import("../../open.ts"), import("../present.ts")]);
  const store = storeName(command);
  await using reprise = await open({ store, ...(budget && { budget }), ...(resources && { resources }) });
  return await present(reprise, await reprise.resume(run), { json, store, after });
}

/** The whole id, and the last event that was written before. */
async function known(id: string, command: Command): Promise<{ run: string; after: number }> {
  await using store = await existingStore(command);
  const run = await findRun(store, id);
  const events = await store.events.read(run.id, 0);
  return { run: run.id, after: events.at(-1)?.seq ?? 0 };
}
