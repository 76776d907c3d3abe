/** The command line: its commands and what they have in common. What a command needs is loaded when it runs. */
import { createRequire } from "node:module";
import { Command } from "commander";
import { abort } from "./commands/abort.ts";
import { agent } from "./commands/agent.ts";
import { agents } from "./commands/agents.ts";
import { compile } from "./commands/compile.ts";
import { diff } from "./commands/diff.ts";
import { doctor } from "./commands/doctor.ts";
import { graph } from "./commands/graph.ts";
import { plan } from "./commands/plan.ts";
import { projects } from "./commands/projects.ts";
import { prune } from "./commands/prune.ts";
import { push } from "./commands/push.ts";
import { queue } from "./commands/queue.ts";
import { queues } from "./commands/queues.ts";
import { rerun } from "./commands/rerun.ts";
import { resume } from "./commands/resume.ts";
import { run } from "./commands/run.ts";
import { signal } from "./commands/signal.ts";
import { task } from "./commands/task.ts";
import { tasks } from "./commands/tasks.ts";

export function program(): Command {
  const root = new Command("reprise")
    .description(
      "Pipelines as ordinary typed TypeScript: compiled to a graph, run on queues and agents, resumed at any point.",
    )
    .option("--store <folder>", "where tasks live (default: REPRISE_STORE, else .reprise)")
    .version(version(), "-V, --version")
    .addHelpText(
      "after",
      "\nExamples:\n  reprise run pipeline.ts --param target=0.9\n  reprise tasks --type controller\n  reprise resume m1x7k2",
    );
  for (const command of [
    run(),
    compile(),
    graph(),
    plan(),
    push(),
    tasks(),
    task(),
    projects(),
    queues(),
    queue(),
    agents(),
    agent(),
    resume(),
    rerun(),
    diff(),
    abort(),
    signal(),
    prune(),
    doctor(),
  ])
    root.addCommand(command);
  for (const command of allOf(root))
    command
      .exitOverride()
      .showHelpAfterError(`(reprise ${pathOf(command)}--help says more)`)
      .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
      .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "reprise: ")) });
  return root;
}

function allOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allOf)];
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)}${command.name()} ` : "";
}

function version(): string {
  const { version } = createRequire(import.meta.url)("reprise/package.json");
  return `${version} (Node ${process.versions.node})`;
}
