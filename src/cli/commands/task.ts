import { Command } from "commander";
import { taskArtifacts } from "./task-artifacts.ts";
import { taskClone } from "./task-clone.ts";
import { taskCreate } from "./task-create.ts";
import { taskLogs } from "./task-logs.ts";
import { taskMetrics } from "./task-metrics.ts";
import { taskMoves } from "./task-moves.ts";
import { taskPlots } from "./task-plots.ts";
import { taskSet } from "./task-set.ts";
import { taskShow } from "./task-show.ts";
import { taskWhy } from "./task-why.ts";

export function task(): Command {
  const command = new Command("task")
    .description("one task: what it is, what it said, measured and made; made, cloned, set, enqueued")
    .addHelpText(
      "after",
      "\nA task is named by its id, run/path, of which the beginning is enough where it is unique. The id of a run stands for all of its tasks.",
    )
    .addCommand(taskShow())
    .addCommand(taskCreate())
    .addCommand(taskClone())
    .addCommand(taskSet())
    .addCommand(taskWhy())
    .addCommand(taskLogs())
    .addCommand(taskMetrics())
    .addCommand(taskPlots())
    .addCommand(taskArtifacts());
  for (const move of taskMoves()) command.addCommand(move);
  return command;
}
