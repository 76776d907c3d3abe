/** The author's lines around a place, for a failure's report. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { colored, frame } from "../compiler/frame.ts";

/** A code frame of `file:line:column`; the file is looked for from each folder upward. Undefined where it is not there. */
export function authorLines(place: string, folders: string[], options: { color: boolean }): string | undefined {
  const [, path, line, column] = /^(.+):(\d+):(\d+)$/.exec(place) ?? [];
  const file = path && folders.map((folder) => upward(folder, path)).find((found) => found !== undefined);
  if (!file) return undefined;
  const text = readFileSync(file, "utf8");
  const lines = text.split("\n");
  if (Number(line) > lines.length) return undefined;
  const start =
    lines.slice(0, Number(line) - 1).reduce((sum, before) => sum + before.length + 1, 0) + Number(column) - 1;
  const plain = frame({ file, text, start, end: start + 1 });
  return options.color ? colored(plain) : plain;
}

function upward(folder: string, path: string): string | undefined {
  const file = resolve(folder, path);
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? undefined : upward(dirname(folder), path);
}
