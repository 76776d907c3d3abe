import { dirname } from "node:path";

/** The folder, and those above it, the nearest first. */
export const upwards = (folder: string): string[] =>
  dirname(folder) === folder ? [folder] : [folder, ...upwards(dirname(folder))];
