/** Makes sets of packages, each once, whoever asks for it at the same time. */
import { randomBytes } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Packages, packageSpecs } from "../../../model/packages.ts";
import type { Asked } from "../packages.ts";
import { allowedScripts, install } from "./install.ts";
import { takeLock } from "./lock.ts";
import { factsOf, isWhole, keepFacts, setName, touch } from "./set.ts";

export interface SetMaker {
  /** The set's folder, when it is installed. Rejects with an InstallError, or with the signal's reason: what was begun goes on then. */
  installed(packages: Packages, asked: Asked): Promise<string>;
}

/** `project`: where scripts are allowed, and npm's settings lie. `signal`: stops what is being installed. */
export type SetMakerOptions = { folder: string; project: string; signal: AbortSignal };

export function createSetMaker({ folder, project, signal: closing }: SetMakerOptions): SetMaker {
  const making = new Map<string, Promise<void>>();

  async function installed(packages: Packages, { say, installing, signal }: Asked): Promise<string> {
    const allowed = await allowedScripts(project);
    const set = join(folder, setName(packages, allowed));
    if (!(await isWhole(set, packages))) {
      const begun = performance.now();
      say(`installing ${specsText(packages)}`);
      await installing(packageSpecs(packages));
      await unlessAborted(made(set, packages, allowed), signal);
      await installing([]);
      say(`installed in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
      const { unbuilt } = await factsOf(set);
      if (unbuilt.length > 0) say(unbuiltText(unbuilt));
    }
    await touch(set);
    return set;
  }

  /** Once in this process. */
  function made(set: string, packages: Packages, allowed: string[]): Promise<void> {
    const begun = making.get(set) ?? madeByOne(set, packages, allowed).finally(() => making.delete(set));
    making.set(set, begun);
    return begun;
  }

  /** Whoever holds the lock makes it, and the others wait. */
  async function madeByOne(set: string, packages: Packages, allowed: string[]): Promise<void> {
    while (!(await isWhole(set, packages))) {
      const lock = await takeLock(`${set}.lock`);
      if (lock === undefined) {
        await pause(lookMs, undefined, { signal: closing });
        continue;
      }
      try {
        if (!(await isWhole(set, packages))) await make(set, packages, allowed);
      } finally {
        await lock.release();
      }
    }
  }

  /** Beside its place, then moved there whole: what a crash leaves half made is never used. What lies there broken, as after a loss of power, goes. */
  async function make(set: string, packages: Packages, allowed: string[]): Promise<void> {
    const draft = `${set}.${randomBytes(4).toString("hex")}.draft`;
    try {
      const unbuilt = await install(draft, packages, { allowed, project, signal: closing });
      await keepFacts(draft, { packages, unbuilt });
      await rm(set, { recursive: true, force: true });
      await rename(draft, set);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }

  return { installed };
}

/** Another process has no other way to say that it is done. */
const lookMs = 100;

async function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
    // Whoever waits no longer does not hear how it ends.
    work.catch(() => {});
  }
}

function specsText(packages: Packages): string {
  const specs = packageSpecs(packages);
  return `${specs.length} ${specs.length === 1 ? "package" : "packages"}: ${specs.join(", ")}`;
}

const unbuiltText = (names: string[]): string =>
  `not run: the install scripts of ${names.join(", ")}. Where one is needed, the package.json of the agent's folder allows it: ` +
  `"allowScripts": ${JSON.stringify(Object.fromEntries(names.map((name) => [name, true])))}`;
