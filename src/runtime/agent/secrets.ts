/**
 * Secrets: values that only the agent knows. They come from its own environment, or from a file that nobody else may read, go to the processes of the
 * steps that name them, and are masked wherever those steps print or fail.
 */
import { readFile, stat } from "node:fs/promises";
import { parseEnv } from "node:util";
import type { Failure } from "../../model/failure.ts";

export interface Secrets {
  /** The values by name. Rejects with a sentence that names what is missing, or why the file cannot be used. */
  resolve(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** `file`: lines of `NAME=value`; it need not be there. Its values come before those of the environment. It is read for every step: it may change. */
export function createSecrets(file?: string, environment: NodeJS.ProcessEnv = process.env): Secrets {
  return {
    async resolve(names) {
      const kept = file === undefined ? {} : await read(file);
      const missing = names.filter((name) => !(kept[name] ?? environment[name]));
      if (missing.length > 0)
        throw new Error(
          `the agent does not have the secret ${missing.join(", ")}: set it in the agent's environment${file ? `, or in ${file}, a file of NAME=value lines with the mode 0600` : ""}`,
        );
      return new Map(names.map((name) => [name, (kept[name] ?? environment[name])!]));
    },
  };
}

async function read(file: string): Promise<NodeJS.Dict<string>> {
  try {
    const { mode } = await stat(file);
    if (process.platform !== "win32" && (mode & 0o077) !== 0)
      throw new Error(`the file of secrets ${file} may be read by others: chmod 600 ${file}`);
    return parseEnv(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

/** What hides values in text, and finds them. Of a value of several lines each is one, as logs come by the line; what is shorter than four characters is no secret. */
export interface Mask {
  hide(text: string): string;
  /** The name of a secret that the text holds. */
  find(text: string): string | undefined;
}

const shortest = 4;

export function maskOf(secrets: ReadonlyMap<string, string>): Mask {
  const parts = [...secrets].flatMap(([name, value]) =>
    [value, ...value.split(/\r?\n/)]
      .flatMap((part) => [part, JSON.stringify(part).slice(1, -1)])
      .filter((part) => part.trim().length >= shortest)
      .map((part) => ({ name, part })),
  );
  // The longest first: none is left in pieces because a shorter one lies in it.
  parts.sort((a, b) => b.part.length - a.part.length);
  return {
    hide: (text) => parts.reduce((hidden, { part }) => hidden.replaceAll(part, "***"), text),
    find: (text) => parts.find(({ part }) => text.includes(part))?.name,
  };
}

/** In everything that a failure says. */
export function hideIn(failure: Failure, { hide }: Mask): Failure {
  return JSON.parse(JSON.stringify(failure), (_, value) =>
    typeof value === "string" ? hide(value) : value,
  ) as Failure;
}
