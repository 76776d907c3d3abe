/** A line of a log on a screen: its own colors are kept, but nothing in it moves the cursor or rings a bell. */
import { stripVTControlCharacters } from "node:util";
import type { LogLine } from "../../model/log.ts";
import type { Screen } from "../output.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: colors, such as ESC[31m
const colors = /(\x1b\[[\d;:]*m)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all but the tab
const controls = /[\x00-\x08\x0a-\x1f\x7f-\x9f]/g;

/** `title` stands before it. */
export function logLine({ text, stream, level }: LogLine, title: string, { color, style }: Screen): string {
  const before = title === "" ? "" : style.dim(`${title} | `);
  const pieces = text.split(colors);
  const bare = (piece: string) => stripVTControlCharacters(piece).replace(controls, "");
  if (!color) return `${before}${pieces.map(bare).join("")}`;
  if (pieces.length > 1)
    return `${before}${pieces.map((piece, i) => (i % 2 === 1 ? piece : bare(piece))).join("")}\x1b[0m`;
  const paint =
    level === "error"
      ? style.red
      : level === "debug"
        ? style.dim
        : level === "warn" || stream === "stderr"
          ? style.yellow
          : String;
  return `${before}${paint(bare(text))}`;
}
