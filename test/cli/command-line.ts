import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const checkout = join(import.meta.dirname, "../..");
const main = join(checkout, "src/cli/main.ts");

export type Ran = { code: number | null; signal: string | null; stdout: string; stderr: string };
/** `said`: what it has said so far. */
export type Running = { child: ChildProcess; said: { stdout: string; stderr: string }; ended: Promise<Ran> };
type Options = { cwd: string; env?: NodeJS.ProcessEnv };

/** The real command line, from source, in a process group of its own. */
export function start(args: string[], { cwd, env = {} }: Options): Running {
  const { PATH, HOME } = process.env;
  // Stripping types costs most of a start: the second process of a test run finds it done.
  const clean: NodeJS.ProcessEnv = { PATH, HOME, NODE_COMPILE_CACHE: join(tmpdir(), "reprise-compile-cache"), ...env };
  const child = spawn(process.execPath, ["--conditions=reprise-source", main, ...args], {
    cwd,
    env: clean,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk) => {
    said.stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    said.stderr += chunk;
  });
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, ...said }));
  return { child, said, ended };
}

export const reprise = (args: string[], options: Options): Promise<Ran> => start(args, options).ended;

/** A folder in which `import … from "reprise"` is the source that is tested. */
export function projectFolder(files: Record<string, string>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "reprise-cli-")));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(checkout, join(folder, "node_modules/reprise"));
  const tsconfig = {
    compilerOptions: { module: "nodenext", strict: true, customConditions: ["reprise-source"], types: [] },
  };
  const all = { "package.json": '{ "type": "module" }', "tsconfig.json": JSON.stringify(tsconfig), ...files };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, name), text);
  return folder;
}

export const emptyFolder = (): string => realpathSync(mkdtempSync(join(tmpdir(), "reprise-empty-")));
