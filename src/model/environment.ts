/** The environment of a step: variables with their values, and names of secrets, whose values only the agent knows. */

export type Env = Readonly<Record<string, string>>;

const name = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** By name, in order. Throws a RangeError with one sentence. */
export function checkEnv(env: Env): Env {
  if (typeof env !== "object" || env === null || Array.isArray(env))
    throw new RangeError("env: it is not an object of texts by name");
  const entries = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, value] of entries) {
    checkName("env", key);
    if (typeof value !== "string" || value.includes("\0"))
      throw new RangeError(`env: the value of ${key} is not a text: an environment holds nothing else`);
  }
  return Object.fromEntries(entries);
}

/** Each once, in order. Throws a RangeError with one sentence. */
export function checkSecrets(secrets: readonly string[]): string[] {
  if (!Array.isArray(secrets)) throw new RangeError("secrets: it is not a list of names");
  for (const secret of secrets) checkName("secrets", secret);
  return [...new Set<string>(secrets)].sort();
}

function checkName(option: string, given: unknown): void {
  if (typeof given !== "string" || !name.test(given))
    throw new RangeError(`${option}: ${JSON.stringify(given)} is no name of a variable: take letters, digits and "_"`);
}
