/** A project with scripts that make themselves tasks, a store beside them, and the processes that run them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFinished } from "vitest";
import { type AgentOptions, open, type Reprise } from "../../src/open.ts";
import { projectFolder } from "../cli/command-line.ts";

/** Reports a loss that falls with its rate, and gives the rate. */
export const train = `import { Task } from "reprise";
const task = await Task.init({ project: "examples", name: "train template" });
const { rate, steps } = await task.connect({ rate: 0.8, steps: 3 });
for (let i = 1; i <= steps; i++) {
  Task.current().scalar("loss", "validation", rate / i, i);
  Task.current().progress(i / steps);
}
console.log("the rate is", rate);
task.returns({ rate });
`;

/** A script that does that. */
export const does = (body: string, init = '{ project: "examples" }'): string =>
  `import { Task } from "reprise";\nconst task = await Task.init(${init});\n${body}\n`;

export type Project = { folder: string; store: string; reprise: Reprise; run(file: string): Ran };
export type Ran = {
  child: ChildProcess;
  said: { stdout: string; stderr: string };
  ended: Promise<{ code: number | null; signal: string | null }>;
};

/** Node's types are there, as in any project that says nothing of them. */
const tsconfig = JSON.stringify({
  compilerOptions: { module: "nodenext", strict: true, customConditions: ["reprise-source"] },
});

/** One for each set of files, so that what was compiled once is not compiled again. */
const folders = new Map<string, string>();

afterAll(() => {
  for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true });
});

function folderWith(files: Record<string, string>): string {
  const key = JSON.stringify(files);
  const folder = folders.get(key) ?? projectFolder({ "tsconfig.json": tsconfig, ...files });
  folders.set(key, folder);
  return folder;
}

/** A store of its own, which is closed after the test. */
export async function projectWith(files: Record<string, string>, agents: AgentOptions[] = []): Promise<Project> {
  const folder = folderWith(files);
  const store = mkdtempSync(join(folder, "store-"));
  mkdirSync(join(folder, "cache"), { recursive: true });
  symlinkSync(join(folder, "cache"), join(store, "cache"));
  const reprise = await open({ store, agents });
  onTestFinished(() => reprise.close());
  return { folder, store, reprise, run: (file) => run(folder, store, file) };
}

function run(folder: string, store: string, file: string): Ran {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, ["--conditions=reprise-source", file], {
    cwd: folder,
    env: { PATH, HOME, REPRISE_STORE: store, NODE_COMPILE_CACHE: join(tmpdir(), "reprise-compile-cache") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]!.on("data", (chunk) => {
      said[name] += chunk;
    });
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal }));
  return { child, said, ended };
}
