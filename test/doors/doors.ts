/** The pipelines of examples/doors, each through several doors. */
import { join } from "node:path";
import { compile } from "../../src/compiler/compile.ts";
import type { Pipeline } from "../../src/model/pipeline.ts";

const folder = join(import.meta.dirname, "..", "..", "examples", "doors");

export const fileOf = (name: string, door: string): string => join(folder, name, `${door}.ts`);

export async function compiledDoor(name: string, door: string): Promise<Pipeline> {
  return (await compile(fileOf(name, door))).pipeline;
}

/** A pipeline but for where it was written: places, and the code of its steps. */
export function withoutPlaces(pipeline: Pipeline): unknown {
  const { bundles: _, ...rest } = pipeline;
  return JSON.parse(JSON.stringify(rest), (key, value: unknown) =>
    key === "at" || (key === "bundle" && typeof value === "string") ? undefined : value,
  );
}
