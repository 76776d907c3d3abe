/** When a process started, as the operating system says it: with the process id, that names a process for good. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** `undefined` where no process with that id lives. Empty where it lives and the system does not say since when. */
export function processStart(pid: number): string | undefined {
  if (process.platform === "linux") return linuxStart(pid);
  if (process.platform === "darwin") return darwinStart(pid);
  return lives(pid) ? "" : undefined;
}

/** The same question, without a look at who it is: it may be asked often. */
export function hasEnded(pid: number): boolean {
  return process.platform === "linux" ? linuxStart(pid) === undefined : !lives(pid);
}

/** Clock ticks from the start of the machine, with the name of that start: ticks begin again after it. */
function linuxStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses, which may hold spaces and parentheses itself.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ended = state === "Z" || state === "X";
    return ended ? undefined : `${fields[18]}@${bootId()}`;
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
  } catch {
    return "";
  }
}

function darwinStart(pid: number): string | undefined {
  try {
    const env = { ...process.env, LC_ALL: "C" };
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
