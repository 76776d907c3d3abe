import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

export type Child = { process: ChildProcess; lines: AsyncIterator<string>; rest(): Promise<string[]> };

/** A script of `children/`, in a real process; `limit`: the largest file that it may write, in blocks of 512 bytes. */
export function child(script: string, args: string[], { limit }: { limit?: number } = {}): Child {
  const node = [process.execPath, join(import.meta.dirname, "children", script), ...args];
  const started =
    limit === undefined
      ? spawn(node[0]!, node.slice(1), { stdio: ["pipe", "pipe", "inherit"] })
      : spawn("sh", ["-c", `trap "" XFSZ; ulimit -f ${limit}; exec "$@"`, "sh", ...node], {
          stdio: ["pipe", "pipe", "inherit"],
        });
  onTestFinished(() => void started.kill("SIGKILL"));
  const lines = createInterface({ input: started.stdout! })[Symbol.asyncIterator]();
  const rest = async () => {
    const all: string[] = [];
    for (let line = await lines.next(); !line.done; line = await lines.next()) all.push(line.value);
    return all;
  };
  return { process: started, lines, rest };
}

/** Waits until each has said a line, then lets all go at once; gives what they said. */
export async function together(children: Child[]): Promise<string[]> {
  const said = await Promise.all(children.map((started) => started.lines.next()));
  for (const started of children) started.process.stdin!.write("go\n");
  return said.map(({ value }) => value);
}

export async function ended(started: Child): Promise<void> {
  if (started.process.exitCode === null && started.process.signalCode === null) await once(started.process, "exit");
}
