/**
 * Installs packages by npm, which finds its registry and its credentials by its own configuration. Scripts of packages run only where the agent's own project allows
 * them: whoever hands in a pipeline does not say so.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { type Packages, packageSpecs } from "../../../model/packages.ts";
import { upwards } from "./upwards.ts";

/** The packages could not be installed. The message is a sentence for people that says how to mend it. */
export class InstallError extends Error {
  override name = "InstallError";
}

/** What npm's `allowScripts` allows in the package.json nearest to the folder, as npm has it: `sharp`, `sharp@0.34.5`. */
export async function allowedScripts(project: string): Promise<string[]> {
  const manifest = nearest(project, "package.json");
  if (manifest === undefined) return [];
  const { allowScripts = {} } = JSON.parse(await readFile(manifest, "utf8")) as { allowScripts?: object };
  return Object.entries(allowScripts).flatMap(([name, allowed]) => (allowed === true ? [name] : []));
}

export type InstallOptions = {
  /** The packages that may run their scripts. */
  allowed: readonly string[];
  /** The folder whose `.npmrc` counts, or the nearest above it. */
  project: string;
  signal: AbortSignal;
};

/** Into `folder`, which is made. Gives the packages whose scripts were not run. Rejects with an InstallError, or where the signal aborts. */
export async function install(folder: string, packages: Packages, options: InstallOptions): Promise<string[]> {
  const { allowed, project, signal } = options;
  await mkdir(folder, { recursive: true });
  const allowScripts = Object.fromEntries(allowed.map((name) => [name, true]));
  const manifest = { private: true, dependencies: packages, allowScripts };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  const settings = nearest(project, ".npmrc");
  const own = join(folder, ".npmrc");
  if (settings !== undefined) await copyFile(settings, own);
  const npm = (...args: string[]) => runNpm(args, folder, packages, signal);
  await npm("install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund");
  const scripted = await withScripts(folder);
  const built = scripted.filter(
    ({ name, version }) => allowed.includes(name) || allowed.includes(`${name}@${version}`),
  );
  if (built.length > 0) await npm("rebuild", "--", ...built.map(({ name, version }) => `${name}@${version}`));
  // It may hold a credential.
  await rm(own, { force: true });
  return scripted.filter((each) => !built.includes(each)).map(({ name }) => name);
}

type Installed = { name: string; version: string };

/** By what npm notes of what it has installed. */
async function withScripts(folder: string): Promise<Installed[]> {
  const text = await readFile(join(folder, "node_modules", ".package-lock.json"), "utf8");
  const { packages } = JSON.parse(text) as {
    packages: Record<string, { version: string; hasInstallScript?: boolean }>;
  };
  return Object.entries(packages).flatMap(([path, { version, hasInstallScript }]) =>
    hasInstallScript ? [{ name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length), version }] : [],
  );
}

function runNpm(args: string[], folder: string, packages: Packages, signal: AbortSignal): Promise<void> {
  const { command, before } = npmProgram();
  const done = Promise.withResolvers<void>();
  execFile(
    command,
    [...before, ...args],
    { cwd: folder, env: npmEnvironment(), signal, maxBuffer: 16 * 1024 * 1024 },
    (error, _, stderr) => {
      if (error === null) done.resolve();
      else done.reject(signal.aborted ? signal.reason : new InstallError(whyNot(error, stderr, packages)));
    },
  );
  return done.promise;
}

/** Where a program of npm has started this one, that npm; else the one that comes with Node, or the one on the path. */
function npmProgram(): { command: string; before: string[] } {
  const { npm_execpath = "" } = process.env;
  const beside = join(dirname(process.execPath), "node_modules", "npm", "bin", "npm-cli.js");
  const script = npm_execpath.endsWith("npm-cli.js") ? npm_execpath : existsSync(beside) ? beside : undefined;
  return script ? { command: process.execPath, before: [script] } : { command: "npm", before: [] };
}

/** Scripts find the Node that the steps run in. What the npm around this process was asked for does not count. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const { npm_config_workspace: _1, npm_config_workspaces: _2, npm_config_global: _3, ...env } = process.env;
  return {
    ...env,
    PATH: `${dirname(process.execPath)}${delimiter}${env.PATH ?? ""}`,
    npm_config_update_notifier: "false",
  };
}

const lastLines = 6;

function whyNot(error: Error & { code?: unknown }, stderr: string, packages: Packages): string {
  const specs = packageSpecs(packages).join(" ");
  const what = `the packages that the step needs, ${specs}, could not be installed`;
  if (error.code === "ENOENT")
    return `${what}: npm is not there. Install npm on the agent's machine, or the packages in the agent's folder: npm install ${specs}`;
  const lines = stderr
    .split("\n")
    .filter((line) => /^npm (?:error|ERR!)/.test(line) && !/complete log|-debug-/.test(line));
  const said = lines.slice(0, lastLines).map((line) => line.replace(/^npm (?:error|ERR!) ?/, "").trim());
  return (
    `${what}. npm says: ${said.filter(Boolean).join("; ") || error.message}. ` +
    `Mend npm's settings for the agent (registry, network, credentials), or install them in the agent's folder: npm install ${specs}`
  );
}

const nearest = (folder: string, name: string): string | undefined =>
  upwards(folder)
    .map((at) => join(at, name))
    .find((path) => existsSync(path));
