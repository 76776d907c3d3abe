/** Code frames: the few lines of source around a place, with a caret line under what is meant. */

/** A stretch of a file: offsets into its text, `end` exclusive. */
export type Spot = { file: string; text: string; start: number; end: number };

/** Line and column of an offset, both from 1, as editors count them. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}

/** Two lines above, the line, the carets, one line below. Without color: `colored` adds it. */
export function frame({ text, start, end }: Spot): string {
  if (text === "") return "";
  const lines = text.split(/\r?\n/);
  const { line, column } = lineAndColumn(text, start);
  const first = Math.max(1, line - 2);
  const last = Math.min(lines.length, line + 1);
  const gutter = String(last).length;
  const from = column > longest ? column - longest / 2 : 1;
  const rows: string[] = [];
  for (let n = first; n <= last; n++) {
    const source = window((lines[n - 1] as string).replaceAll("\t", " "), n === line ? from : 1);
    rows.push(`${n === line ? ">" : " "} ${String(n).padStart(gutter)} | ${source}`.trimEnd());
    if (n === line)
      rows.push(
        `  ${" ".repeat(gutter)} | ${" ".repeat(column - from)}${carets(source, column - from + 1, end - start)}`,
      );
  }
  return rows.join("\n");
}

/** Generated sources may be one line. */
const longest = 200;

function window(source: string, from: number): string {
  const rest = from > 1 ? `…${source.slice(from)}` : source;
  return rest.length > longest ? `${rest.slice(0, longest - 1)}…` : rest;
}

/** The same frame with its marks in red and its line numbers dimmed, by ANSI codes. */
export function colored(frame: string): string {
  return frame
    .split("\n")
    .map((row) => {
      const [, mark = "", number = "", source = ""] = /^([> ] )( *\d* \|)(.*)$/.exec(row) ?? [];
      const isCarets = number.trim() === "|";
      return `${red(mark)}${dim(number)}${isCarets ? red(source) : source}`;
    })
    .join("\n");
}

export const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
export const dim = (text: string): string => `\u001b[2m${text}\u001b[22m`;
export const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;

/** What reaches beyond the line is marked to the end of its code. */
function carets(source: string, column: number, length: number): string {
  return "^".repeat(Math.max(1, Math.min(length, source.trimEnd().length - column + 1)));
}
