/** Where a failure happened, in the author's words: file, line and column of the source, and no path of this machine. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Failure } from "../../../model/failure.ts";

/**
 * The failure with `at`, the first frame that lies in the author's sources, and with a stack of only those frames and a count of the others.
 * Expects a stack that Node has mapped back by the source map in `folder`, the bundle's own; sources in it are relative to the project's folder.
 */
export function atAuthorsPlace(failure: Failure, folder: string, sources = authorsSources(folder)): Failure {
  const { stack, cause, ...rest } = failure;
  const frames = framesOf(stack);
  const places = frames.flatMap(({ label, file, position }) => {
    const source = sources.get(file);
    return source === undefined ? [] : [{ label, at: `${source}:${position}` }];
  });
  return {
    ...rest,
    ...(places[0] && { at: places[0].at }),
    ...(stack !== undefined && { stack: print(failure, places, frames.length - places.length) }),
    ...(cause && { cause: atAuthorsPlace(cause, folder, sources) }),
  };
}

/** As Node names the sources of the bundle's map (absolute, from the map's own place) → as the author does. Packages are not the author's. */
function authorsSources(folder: string): Map<string, string> {
  try {
    const map = JSON.parse(readFileSync(resolve(folder, "module.mjs.map"), "utf8")) as { sources: string[] };
    const own = map.sources.filter((source) => !source.includes("node_modules/"));
    return new Map(own.map((source) => [resolve(folder, source), source]));
  } catch {
    return new Map();
  }
}

type Frame = { label: string; file: string; position: string };

const framePattern = /^ *at (?:(.*) \()?(.+?):(\d+):(\d+)\)?$/;

function framesOf(stack: string | undefined): Frame[] {
  return (stack ?? "").split("\n").flatMap((line) => {
    const [, label = "", place, row, column] = framePattern.exec(line) ?? [];
    return place === undefined ? [] : [{ label, file: filePath(place), position: `${row}:${column}` }];
  });
}

function filePath(place: string): string {
  const bare = place.replace(/^async /, "");
  return bare.startsWith("file://") ? fileURLToPath(bare) : bare;
}

function print({ name, message }: Failure, places: { label: string; at: string }[], others: number): string {
  return [
    `${name}: ${message}`,
    ...places.map(({ label, at }) => (label ? `    at ${label} (${at})` : `    at ${at}`)),
    ...(others > 0 ? [`    … and ${others} more, in packages and Node`] : []),
  ].join("\n");
}
