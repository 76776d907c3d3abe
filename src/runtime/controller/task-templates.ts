/** Templates that are tasks of their own: a call of one clones the task, its parameters overridden by the input. */
import { misdeclared } from "../../model/declared-input.ts";
import { ParamsError } from "../../model/params.ts";
import type { TaskTemplate } from "../../model/template.ts";
import type { Command, Store } from "../ports.ts";
import { findTask } from "./find-task.ts";
import { checkGiven, checkWhole, keepParameters, readParameters, takenBy } from "./parameters.ts";

/**
 * Before anything runs. Rejects with a ConflictError where there is no such task, and with a ParamsError that names the fields where no input that the pipeline
 * declares could fit it.
 */
export async function checkTask(store: Store, { task: reference, input }: TaskTemplate): Promise<void> {
  const task = await findTask(store, reference);
  const taken = await takenBy(store, task);
  if (taken === "anything" || taken.schema === undefined || input === undefined) return;
  const problems = misdeclared(input, taken.schema, Object.keys(await readParameters(store, task.input)));
  if (problems.length > 0) throw new ParamsError(problems.map((problem) => `the template "${task.name}": ${problem}`));
}

/** `input` is encoded. Rejects with a ConflictError where there is no such task, and with a ParamsError where the input does not fit it. */
export async function cloneOfTask(
  store: Store,
  { task: reference, options }: TaskTemplate,
  path: string,
  input: string | undefined,
): Promise<Extract<Command, { kind: "clone" }>> {
  const task = await findTask(store, reference);
  const [taken, had, given] = await Promise.all([
    takenBy(store, task),
    readParameters(store, task.input),
    readParameters(store, input === undefined ? undefined : { text: input }),
  ]);
  const parameters = checkGiven(taken, { ...had, ...given });
  checkWhole(taken, parameters);
  const kept = await keepParameters(store, parameters, task.name);
  return {
    kind: "clone",
    template: task.id,
    path,
    whole: true,
    ...(kept && { input: kept }),
    ...(Object.keys(options).length > 0 && { options }),
  };
}
