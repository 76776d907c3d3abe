/** Flags that commands share. */
import { UsageError } from "./errors.ts";
import { type ParamFlags, readParams } from "./params.ts";

/** For flags that may be given several times. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** The parameters of a task as they are typed. Throws a UsageError where they are no object. */
export function readParameters(flags: ParamFlags): Record<string, unknown> | undefined {
  const given = readParams(flags);
  if (given === undefined || (typeof given === "object" && given !== null && !Array.isArray(given))) return given;
  throw new UsageError("the parameters of a task are one object", "Write JSON, such as --params '{\"rate\": 0.1}'.");
}
