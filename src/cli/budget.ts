import { Option } from "commander";
import { whole } from "./whole.ts";

export const budgetOption = (): Option =>
  new Option(
    "--budget <units>",
    "what the pipeline's body may compute between two results of steps (default: 10000000, about a second)",
  ).argParser(whole("--budget"));
