/** Where a failure happened, in the author's words: file, line and column of the source, and no path of this machine. */
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Failure } from "../../../model/failure.ts";

/**
 * The failure with `at`, the first frame that lies in the author's sources, and with a stack of only those frames and a count of the others.
 * `folder` is the bundle's own, with its source map; sources in that are relative to the project's folder.
 */
export function atAuthorsPlace(failure: Failure, folder: string, authors = readSources(folder)): Failure {
  const { stack, cause, ...rest } = failure;
  const frames = framesOf(stack);
  const places = frames.flatMap((frame) => {
    const at = authors.placeOf(frame);
    return at === undefined ? [] : [{ label: frame.label, at }];
  });
  return {
    ...rest,
    ...(places[0] && { at: places[0].at }),
    ...(stack !== undefined && { stack: print(failure, places, frames.length - places.length) }),
    ...(cause && { cause: atAuthorsPlace(cause, folder, authors) }),
  };
}

type Frame = { label: string; file: string; line: number; column: number };

interface Sources {
  /** `file:line:column` of a frame in the author's own sources; packages are not. */
  placeOf(frame: Frame): string | undefined;
}

/**
 * Node maps frames back itself, unless somebody else has taken over how stacks are printed: both kinds are understood. Node names a source by
 * its place relative to the map.
 */
function readSources(folder: string): Sources {
  const module = resolve(folder, "module.mjs");
  const map = readMap(`${module}.map`);
  if (map === undefined) return { placeOf: () => undefined };
  const own = map.payload.sources.filter((source) => !source.includes("node_modules/"));
  const byFile = new Map(own.map((source) => [resolve(folder, source), source]));
  return {
    placeOf(frame) {
      const { file, line, column } = original(frame);
      const source = byFile.get(file);
      return source && `${source}:${line}:${column}`;
    },
  };

  function original(frame: Frame): Omit<Frame, "label"> {
    if (frame.file !== module) return frame;
    const origin = map!.findOrigin(frame.line, frame.column);
    if (!("fileName" in origin)) return frame;
    return { file: resolve(folder, origin.fileName), line: origin.lineNumber, column: origin.columnNumber };
  }
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

const framePattern = /^ *at (?:(.*) \()?(.+?):(\d+):(\d+)\)?$/;

function framesOf(stack: string | undefined): Frame[] {
  return (stack ?? "").split("\n").flatMap((text) => {
    const [, label = "", place, line, column] = framePattern.exec(text) ?? [];
    return place === undefined ? [] : [{ label, file: filePath(place), line: Number(line), column: Number(column) }];
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
