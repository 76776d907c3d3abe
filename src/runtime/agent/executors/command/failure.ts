/** How a command ended, as a failure. */
import { type Failure, lostName } from "../../../../model/failure.ts";
import type { Exit } from "../own-group.ts";

/** Why it failed; `undefined` where it did not. `program`: its name; `lastErrors`: the last lines that it wrote to stderr. */
export function failureIn(end: Exit, program: string, lastErrors: readonly string[]): Failure | undefined {
  if ("unstarted" in end) return { name: "Error", message: unstarted(end.unstarted, program) };
  const { code, signal } = end;
  if (code === 0) return undefined;
  if (signal !== null) return { name: lostName, message: `the command was ended by ${signal}` };
  return { name: "ExitError", message: `the command ended with exit code ${code}${saying(lastErrors)}` };
}

/** The last line first: most programs say there why they ended, and often people see one line only. */
function saying(lines: readonly string[]): string {
  const last = lines.at(-1);
  if (last === undefined) return "";
  return [`: ${last}`, ...(lines.length > 1 ? ["before that:", ...lines.slice(0, -1)] : [])].join("\n");
}

function unstarted(why: string, program: string): string {
  const what = `the program ${JSON.stringify(program)} of the command`;
  switch (why) {
    case "ENOENT":
      return `${what} is not there: it is neither on the agent's PATH nor, by a path such as ./run.sh, among the task's files`;
    case "EACCES":
      return `${what} may not be executed: chmod +x it before the task is created, or name its interpreter`;
    case "E2BIG":
      return `${what} cannot be given so much in its arguments: let it read the file that REPRISE_PARAMETERS names`;
    default:
      return `${what} cannot be started: ${why}`;
  }
}
