import { createRequire } from "node:module";

/** Of the package. */
export const version = (): string =>
  (createRequire(import.meta.url)("reprise/package.json") as { version: string }).version;
