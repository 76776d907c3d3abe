/** Registers scripts and commands as drafts, without running them. */
import { basename, join } from "node:path";
import { commandInput, commandWords } from "../model/command.ts";
import { taskOptions } from "../model/options.ts";
import { runId } from "../model/run-id.ts";
import type { Code, TaskId } from "../model/task.ts";
import type { CreateOptions, Parameters } from "../model/task-handle.ts";
import { waitingTypes } from "../model/task-type.ts";
import { checkGiven, keepParameters, takenBy } from "../runtime/controller/parameters.ts";
import type { Store } from "../runtime/ports.ts";
import { commandFiles } from "./command-files.ts";

/** `folder`: the store's. Gives the draft's id. Rejects with a CompileError, a ParamsError, a RangeError for what is no command, or a ConflictError. */
export async function createTask(store: Store, folder: string, options: CreateOptions): Promise<TaskId> {
  const { id = runId(Date.now()), name, comment, parameters = {}, script, command, folder: _, ...others } = options;
  const made =
    command === undefined ? await scriptCode(store, folder, script!) : await commandCode(store, command, options);
  const { code, defaults } = made;
  const known = checkGiven(await takenBy(store, made), { ...defaults, ...parameters });
  const input = await keepParameters(store, known, id);
  const waits = others.type !== undefined && waitingTypes.has(others.type);
  await store.tasks.create({
    id,
    name: name ?? made.name,
    code,
    options: taskOptions(others, waits ? "pipeline" : "step"),
    ...(input && { input }),
    ...(comment !== undefined && { comment }),
  });
  return id;
}

/** `defaults`: the parameters that it brings. */
type Made = { code: Code; name: string; defaults: Parameters };

async function scriptCode(store: Store, folder: string, file: string): Promise<Made> {
  const { compileScript } = await import("../compiler/compile.ts");
  const { entry, bundle, input, defaults } = await compileScript(file, { cache: join(folder, "cache") });
  const kept = await store.runs.keepBundle(bundle);
  return {
    code: { kind: "script", entry, bundle: kept, ...(input !== undefined && { input }) },
    name: entry,
    defaults,
  };
}

async function commandCode(
  store: Store,
  command: NonNullable<CreateOptions["command"]>,
  { folder, parameters = {} }: CreateOptions,
): Promise<Made> {
  const run = commandWords(command);
  const input = commandInput(run, parameters);
  const files = await commandFiles(run, folder, store.blobs);
  return {
    code: { kind: "command", run, ...(files && { files }), ...(input !== undefined && { input }) },
    name: basename(run[0]!),
    defaults: {},
  };
}
