/** What the graph wants after a turn, as commands to the store. */
import type { TaskOptions } from "../../model/options.ts";
import { isRefreshed } from "../../model/refresh.ts";
import type { Stored, Task, TaskId } from "../../model/task.ts";
import type { TaskTemplate } from "../../model/template.ts";
import type { Claim, Command, Store } from "../ports.ts";
import type { Wanted } from "./calls.ts";
import type { Called, EarlierRun, Standing } from "./earlier-run.ts";
import type { Program } from "./programs.ts";
import type { Turn } from "./running-graph.ts";
import { stepKey } from "./step-key.ts";
import { keep, textOf } from "./stored.ts";
import { cloneOfTask } from "./task-templates.ts";

type About = { task: Task; program: Program; store: Store; earlier: EarlierRun | undefined };

/** One transaction: nothing that is recorded depends on a reading of chance or time that is not. */
export function commit(
  turn: Turn,
  { task, attempt }: Claim,
  program: Program,
  { store, earlier }: Pick<About, "store" | "earlier">,
): Promise<void> | undefined {
  const aborts = turn.kind === "settled" ? turn.aborts.map(abortOf("the pipeline has ended")) : [];
  const record = (clones: Command[]) => {
    const commands = [...turn.decisions, ...clones, ...turn.commands, ...aborts];
    return commands.length > 0 ? store.runs.turn(task.id, attempt, commands) : undefined;
  };
  const clones = turn.clones.map((wanted) => cloneOf(wanted, { task, program, store, earlier }));
  return clones.some((clone) => clone instanceof Promise)
    ? Promise.all(clones).then(record)
    : record(clones as Command[]);
}

/** At once, where nothing is to be kept or looked up first. */
function cloneOf(wanted: Wanted, about: About): Command | Promise<Command> {
  const { template, path, input } = wanted;
  const { task, program, store, earlier } = about;
  const ofItsOwn = program.tasks.get(template);
  if (ofItsOwn) return cloneOfOwn(ofItsOwn, wanted, about);
  const id = program.templates.get(template);
  if (id === undefined) throw new Error(`the graph calls the template "${template}", which the pipeline does not have`);
  const clone = (stored: Stored | undefined, standing: Standing): Command => ({
    kind: "clone",
    template: id,
    path,
    ...(stored && { input: stored }),
    ...(standing.takes !== undefined
      ? { takes: standing.takes }
      : cachedAs(template, input, program, task.options, standing)),
  });
  const stored = input === undefined ? undefined : keep(store.blobs, input);
  if (earlier === undefined && !(stored instanceof Promise)) return clone(stored, {});
  const called = { path, template: id, isPipeline: program.pipelines.has(template) };
  return Promise.all([stored, standingOf(earlier, called, input)]).then(([kept, standing]) => clone(kept, standing));
}

async function cloneOfOwn(template: TaskTemplate, wanted: Wanted, { store, earlier }: About): Promise<Command> {
  const { path, input } = wanted;
  const clone = await cloneOfTask(store, template, path, input);
  const whole = clone.input && (await textOf(store.blobs, clone.input));
  const { takes } = await standingOf(earlier, { path, template: clone.template, isPipeline: false }, whole);
  return { ...clone, ...(takes !== undefined && { takes }) };
}

const standingOf = async (
  earlier: EarlierRun | undefined,
  called: Omit<Called, "input">,
  input: string | undefined,
): Promise<Standing> => (await earlier?.standingOf({ ...called, ...(input !== undefined && { input }) })) ?? {};

/** A step's key in the cache; a run that refreshes, or does another one again, says so to those that it calls. */
function cachedAs(
  template: string,
  input: string | undefined,
  { cached, pipelines }: Program,
  { refresh: asked }: TaskOptions,
  { again, inside }: Standing,
): Pick<Command & { kind: "clone" }, "cache" | "options"> {
  const refresh = again ?? asked;
  if (pipelines.has(template)) {
    const options = { ...(refresh && { refresh }), ...(inside && { rerun: inside }) };
    return Object.keys(options).length > 0 ? { options } : {};
  }
  const step = cached.get(template);
  if (step === undefined) return {};
  return { cache: stepKey(step, input, isRefreshed(refresh, template)) };
}

export const abortOf =
  (reason: string) =>
  (task: TaskId): Command => ({ kind: "abort", task, reason });
