/** Flags that commands share. */
import { checkProject } from "../model/project.ts";
import { UsageError } from "./errors.ts";
import { type ParamFlags, readParams } from "./params.ts";

/** For flags that may be given several times. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** Reads the value of a flag by a rule of the model, which says in a RangeError what is wrong with it. */
export const ruled =
  <Value>(flag: string, rule: (text: string) => Value) =>
  (text: string): Value => {
    try {
      return rule(text);
    } catch (error) {
      throw new UsageError(`${flag}: ${(error as Error).message.replace(/^\w+: /, "")}`);
    }
  };

/** The name of a project. */
export const project = ruled("--project", checkProject);

/** The parameters of a task as they are typed. Throws a UsageError where they are no object. */
export function readParameters(flags: ParamFlags): Record<string, unknown> | undefined {
  const given = readParams(flags);
  if (given === undefined || (typeof given === "object" && given !== null && !Array.isArray(given))) return given;
  throw new UsageError("the parameters of a task are one object", "Write JSON, such as --params '{\"rate\": 0.1}'.");
}
