import { Command } from "commander";
import { taskArtifacts } from "./task-artifacts.ts";
import { taskLogs } from "./task-logs.ts";
import { taskMetrics } from "./task-metrics.ts";
import { taskShow } from "./task-show.ts";

export const task = (): Command =>
  new Command("task")
    .description("one task: what it is, what it said, measured and made")
    .addHelpText(
      "after",
      "\nA task is named by its id, run/path, of which the beginning is enough where it is unique. The id of a run stands for all of its tasks.",
    )
    .addCommand(taskShow())
    .addCommand(taskLogs())
    .addCommand(taskMetrics())
    .addCommand(taskArtifacts());
