import { Command } from "commander";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines, screenOf } from "../output.ts";
import { table } from "../view/table.ts";

export const projects = (): Command =>
  new Command("projects")
    .description("list projects, and how many tasks each has with those below it")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExample:\n  reprise projects")
    .action(exiting(listProjects));

async function listProjects({ json }: { json?: boolean }, command: Command): Promise<number> {
  await using store = await existingStore(command);
  const found = await store.tasks.projects();
  const { width, style } = screenOf(process.stdout);
  if (json) printJson(found);
  else if (found.length === 0) process.stderr.write("no projects\n");
  else {
    const [head, ...body] = table(
      found,
      [
        { title: "project", cell: ({ name }) => name, least: 20 },
        { title: "tasks", cell: ({ tasks }) => String(tasks), align: "right" },
      ],
      width,
    );
    printLines([style.dim(head!), ...body]);
  }
  return exitCodes.completed;
}
