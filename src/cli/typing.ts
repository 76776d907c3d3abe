/** Commands as a person would type them here. */
import { defaultFolder } from "./folder.ts";

/** `reprise task logs 'm1/loop1[2]/fit' --store other`; with npx where the command is not on the PATH of whoever started it through npm. */
export function typed(words: string[], store: string): string {
  const where = store === (process.env.REPRISE_STORE || defaultFolder) ? [] : ["--store", store];
  return [...(process.env.npm_command ? ["npx"] : []), "reprise", ...[...words, ...where].map(quoted)].join(" ");
}

/** Quoted where a shell would read more in it than it says. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
