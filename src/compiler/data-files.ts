/**
 * Files that a step reads by `new URL("./penguins.csv", import.meta.url)`: they travel with the bundle as `files/penguins.csv`, and the code asks
 * for them there.
 */
import { readFileSync, statSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { ts } from "ts-morph";
import type { BundledFile } from "../model/bundle.ts";
import { hashOf } from "../model/hash.ts";
import type { Context } from "./context.ts";
import { rules } from "./rules.ts";

export interface DataFiles {
  /** `text` is the module's, of the same length as the source's up to the addresses and beyond; its addresses now point into `files/`. */
  rewrite(source: ts.SourceFile, text: string): string;
  /** The same for a module of a package; `undefined` where it stays as it is. */
  rewritePackage(path: string): string | undefined;
  /** The files that a bundle's code asks for, and where they were. */
  in(code: string): { bundled: Record<string, BundledFile>; paths: string[] };
}
