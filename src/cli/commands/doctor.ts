import { join } from "node:path";
import { Command } from "commander";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { existingStore, storeFolder } from "../folder.ts";
import { printJson, printLines, screenOf } from "../output.ts";

export const doctor = (): Command =>
  new Command("doctor")
    .description(
      "look for what is wrong with the store: damage, runs that lost their process, queues that nobody serves",
    )
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nIt ends with 1 where something is broken, and changes nothing.\n\nExample:\n  reprise doctor",
    )
    .action(exiting(examineStore));

async function examineStore({ json }: { json?: boolean }, command: Command): Promise<number> {
  const folder = storeFolder(command);
  await using store = await existingStore(command);
  const { examine } = await import("../../tasks/doctor.ts");
  const findings = await examine(store, folder, process.env.REPRISE_SECRETS || join(folder, "secrets.env"));
  const { style } = screenOf(process.stdout);
  const marks = { good: style.green("✓"), odd: style.yellow("!"), bad: style.red("✗") };
  if (json) printJson(findings);
  else
    printLines(
      findings.flatMap(({ state, text, remedy }) => [
        `${marks[state]} ${text}`,
        ...(remedy ? [`    ${style.dim(remedy)}`] : []),
      ]),
    );
  return findings.some(({ state }) => state === "bad") ? exitCodes.failed : exitCodes.completed;
}
