import { Option } from "commander";
import { amountsOf, type Resources } from "../model/resources.ts";
import { UsageError } from "./errors.ts";

/** `--resources gpu=1,mem=8G`: what agents give to steps that need something. */
export const resourcesOption = (): Option =>
  new Option(
    "--resources <amounts>",
    "what this machine gives to steps that need something, beside its cpu and mem: gpu=1,scratch=200G",
  ).argParser(readResources);

/** Throws a UsageError. */
export function readResources(text: string): Resources {
  const given = text.split(",").map((part) => part.split("=") as [string, string?]);
  try {
    return amountsOf(
      Object.fromEntries(given.map(([name, amount = ""]) => [name.trim(), Number(amount) || amount])) as Resources,
    );
  } catch (error) {
    throw new UsageError((error as Error).message.replace("resources:", "--resources:"));
  }
}
