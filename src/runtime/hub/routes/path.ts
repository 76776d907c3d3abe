import { Refusal } from "../errors.ts";

/** The names in the path, as they were sent: one may hold anything, a slash above all, which stands encoded there. Throws a Refusal. */
export function pathIn(route: string, path: string): Record<string, string> {
  const given = path.split("/");
  const entries = route.split("/").flatMap((part, i) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    return name === undefined ? [] : [[name, decoded(given[i] ?? "")] as const];
  });
  return Object.fromEntries(entries);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal("InputError", `"${part}" in the path is not encoded as it should be`);
  }
}
