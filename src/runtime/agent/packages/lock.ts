/**
 * A lock among processes, and machines that share a folder: files `<path>.1`, `<path>.2` …, of which the highest is held by who made it. Nobody takes a lock away:
 * after a holder that is gone, one process makes the next number, and only one can.
 */
import { mkdir, open, readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Agent } from "../../../model/task.ts";
import { isDead, thisProcess } from "../lease.ts";

export interface Lock {
  release(): Promise<void>;
}

/** `undefined` while another process holds it. The folder is made where it is not there. */
export async function takeLock(path: string): Promise<Lock | undefined> {
  await mkdir(dirname(path), { recursive: true });
  const taken = await numbersOf(path);
  const latest = taken.at(-1) ?? 0;
  if (latest > 0 && (await isHeld(`${path}.${latest}`))) return undefined;
  const mine = `${path}.${latest + 1}`;
  if (!(await isMade(mine))) return undefined;
  const timer = setInterval(() => void renew(mine), leaseMs / 4).unref();
  return {
    async release() {
      clearInterval(timer);
      for (const number of [...taken, latest + 1]) await rm(`${path}.${number}`, { force: true });
    },
  };
}

/** So long a holder on another machine is taken for alive without a word from it. */
const leaseMs = 20_000;

async function numbersOf(path: string): Promise<number[]> {
  const start = `${basename(path)}.`;
  const names = (await readdir(dirname(path))).filter((name) => name.startsWith(start));
  return names
    .map((name) => Number(name.slice(start.length)))
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
}

async function isHeld(file: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(file);
    const leaseUntil = mtimeMs + leaseMs;
    const text = await readFile(file, "utf8");
    // It was made just now, or its maker died at once.
    if (text === "") return leaseUntil > Date.now();
    return !isDead({ ...(JSON.parse(text) as Holder), leaseUntil }, Date.now());
  } catch {
    // Released meanwhile.
    return false;
  }
}

type Holder = Pick<Agent, "host" | "pid" | "processStart">;

async function isMade(file: string): Promise<boolean> {
  try {
    await using made = await open(file, "wx");
    await made.writeFile(JSON.stringify(thisProcess()));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function renew(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch(() => {});
}
