import type { ts } from "ts-morph";
import type { Dsl } from "./dsl.ts";
import type { Problems } from "./problem.ts";

/** What the passes share. */
export type Context = {
  program: ts.Program;
  checker: ts.TypeChecker;
  dsl: Dsl;
  problems: Problems;
  /** The project's folder: places and sources are relative to it. */
  root: string;
  /** How long a program that puts a graph together may run. */
  graphLimitMs: number;
};
