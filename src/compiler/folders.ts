import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The file of that name in the folder or the nearest one above it; `looked` are the paths nearer than that where there is none. */
export function nearest(folder: string, name: string): { path?: string; looked: string[] } {
  const looked: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, name);
    if (existsSync(path)) return { path, looked };
    looked.push(path);
    if (dirname(at) === at) return { looked };
  }
}

/** The folder of the nearest package.json above a file, else the file's own: places and sources are relative to it. */
export function projectFolder(file: string): string {
  return dirname(nearest(dirname(file), "package.json").path ?? file);
}
