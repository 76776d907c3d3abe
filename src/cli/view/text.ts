/** Text in the cells of a terminal. */
import { stripVTControlCharacters } from "node:util";
import type { Failure } from "../../model/failure.ts";

const ascii = /^[\x20-\x7e]*$/;
const zeroWidth = /^(?:\p{M}|[\u200b-\u200d]|[\ufe00-\ufe0f])$/u;
/** East Asian wide and full-width characters, and emoji. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\p{Emoji_Presentation}\u{20000}-\u{3fffd}]$/u;

/** How many cells the text takes; colors take none. */
export function widthOf(text: string): number {
  const bare = stripVTControlCharacters(text);
  if (ascii.test(bare)) return bare.length;
  let width = 0;
  for (const character of bare) width += cellsOf(character);
  return width;
}

/** At most `width` cells of a text without colors, its end replaced by `…` where it is longer. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return "";
  let kept = "";
  let cells = 1;
  for (const character of text) {
    cells += cellsOf(character);
    if (cells > width) break;
    kept += character;
  }
  return `${kept}…`;
}

export const padEnd = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - widthOf(text)));
export const padStart = (text: string, width: number): string => " ".repeat(Math.max(0, width - widthOf(text))) + text;

/** The first line, with nothing in it that moves a cursor or rings a bell. */
export function oneLine(text: string): string {
  const line =
    stripVTControlCharacters(text)
      .split(/\r?\n/)
      .find((line) => line.trim() !== "") ?? "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return line.replace(/[\x00-\x1f\x7f-\x9f]+/g, " ").trim();
}

const cellsOf = (character: string): number => (zeroWidth.test(character) ? 0 : wide.test(character) ? 2 : 1);

/** `12 B`, `3.4 KB`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  while (bytes >= 1_000 && unit < units.length - 1) {
    bytes /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)} ${units[unit]}`;
}

/** As few digits as tell two values of a metric apart: `0.9712`, `12.5`, `1.2e-7`. */
export function formatNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : String(Number(value.toPrecision(4)));
}

/** In the reader's own time: `14:30:05`, with the date where it is another day than `now`. Milliseconds since 1970. */
export function formatTime(ms: number, now: number): string {
  const [day, time] = dayAndTime(ms);
  return day === dayAndTime(now)[0] ? time : `${day} ${time}`;
}

/** Sweden writes both as ISO does. */
const dayAndTime = (ms: number) => new Date(ms).toLocaleString("sv-SE").split(" ") as [day: string, time: string];

export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

/** Of an error, on one line. */
export const sentence = ({ name, message }: Failure): string => oneLine(`${name}: ${message}`);
