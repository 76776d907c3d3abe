/** Parameters: the input object of a task, checked against what its code takes before anything is kept. */

import type { ArtifactReader } from "../../model/artifact.ts";
import { definitionOf } from "../../model/definition.ts";
import type { Hash } from "../../model/hash.ts";
import { checkParams } from "../../model/params.ts";
import type { Stored, Task } from "../../model/task.ts";
import type { Parameters } from "../../model/task-handle.ts";
import type { JsonSchema } from "../../model/template.ts";
import { decodeWhole, encode } from "../../model/value.ts";
import type { Store } from "../ports.ts";
import { keep, textOf } from "./stored.ts";

/** What the parameters must be; `"anything"` where that is known only to a script or a command when it runs. */
type Taken = { schema?: JsonSchema } | "anything";

export async function takenBy(store: Pick<Store, "runs">, { code }: Pick<Task, "code">): Promise<Taken> {
  if (code.kind === "controller") {
    const pipeline = await store.runs.pipeline(code.pipeline);
    const { params } = code.definition === undefined ? pipeline : definitionOf(pipeline, code.definition)!;
    return params === undefined ? {} : { schema: params };
  }
  if (code.input !== undefined) return { schema: code.input };
  return code.kind === "code" ? {} : "anything";
}

/** Those that are given, as the code gets them: what is missing is looked for when the task is enqueued. Throws a ParamsError. */
export function checkGiven(taken: Taken, given: Parameters): Parameters {
  if (taken === "anything") return given;
  const { schema } = taken;
  const open = typeof schema === "object" ? withoutRequired(schema) : schema;
  return (checkParams(open, given) ?? {}) as Parameters;
}

/** Throws a ParamsError where one is missing. */
export function checkWhole(taken: Taken, parameters: Parameters): void {
  if (taken !== "anything") checkParams(taken.schema, parameters);
}

/** An empty object where the task has none. */
export async function readParameters(
  store: Pick<Store, "blobs">,
  input: Stored | undefined,
  reader?: ArtifactReader,
): Promise<Parameters> {
  if (input === undefined) return {};
  const load = (blob: Hash) => textOf(store.blobs, { blob, bytes: 0 });
  return (await decodeWhole(await textOf(store.blobs, input), load, reader)) as Parameters;
}

/** None where there are none: a step that takes nothing is called without an argument. */
export async function keepParameters(
  store: Pick<Store, "blobs">,
  parameters: Parameters,
  task: string,
): Promise<Stored | undefined> {
  if (Object.keys(parameters).length === 0) return undefined;
  return keep(store.blobs, encode(parameters, `the parameters of the task "${task}"`));
}

function withoutRequired({ required: _, ...schema }: JsonSchema & object): JsonSchema {
  return schema;
}
