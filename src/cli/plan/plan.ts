/** What a run would do, found without running it: its params, its steps and where they would go, what the cache has, and what is missing. */
import { join } from "node:path";
import type { CacheOutcome } from "../../model/cache.ts";
import type { TaskOptions } from "../../model/options.ts";
import type { Pipeline } from "../../model/pipeline.ts";
import type { Refresh } from "../../model/refresh.ts";
import { type Amounts, covers, resourcesText } from "../../model/resources.ts";
import type { Agent } from "../../model/task.ts";
import type { Template } from "../../model/template.ts";
import { isDead } from "../../runtime/agent/lease.ts";
import { createSecrets } from "../../runtime/agent/secrets.ts";
import { findTask } from "../../runtime/controller/find-task.ts";
import { type Forecast, type Foreseen, forecast } from "../../runtime/controller/forecast.ts";
import { checkTask } from "../../runtime/controller/task-templates.ts";
import type { Store } from "../../runtime/ports.ts";
import { type Picture, picture, type Shape } from "../graph/picture.ts";
import { drawnPath } from "../graph/seen.ts";
import { sentence } from "../view/text.ts";
import { type PlannedParam, planParams } from "./params.ts";

export type Plan = {
  pipeline: string;
  params: PlannedParam[];
  /** In the order of the source; those in a group are within it. */
  steps: PlannedPart[];
  queues: PlannedQueue[];
  /** What would fail at once. */
  problems: string[];
  /** What a run would wait for, and what is good to know. */
  notes: string[];
};

/** `label`: as in the graph. */
export type PlannedPart = {
  kind: Shape["kind"];
  label: string;
  step?: string;
  options?: Partial<TaskOptions>;
  /** Of a step that may be taken from the cache, for the calls whose input is known: what it would say, by path. */
  cache?: { path: string; outcome: CacheOutcome }[];
  parts?: PlannedPart[];
};

/** `agents`: that live. */
export type PlannedQueue = { name: string; agents: number; waiting: number; running: number; paused: boolean };

/** `machine`: what an agent that the run would bring has to give. `folder`: what belongs to the store on this machine. */
export type Surroundings = { store: Store; folder: string; machine: Amounts; refresh?: Refresh };

export async function planOf(pipeline: Pipeline, given: unknown, around: Surroundings): Promise<Plan> {
  const { store, refresh } = around;
  const { params, problems, checked } = planParams(pipeline.params, given);
  const templates = await Promise.all(
    Object.entries(pipeline.templates).map(([name, template]) => lookAt(name, template, store)),
  );
  const found = new Map(templates.map((template) => [template.name, template]));
  const wrong = [
    ...problems.map((problem) => `params: ${problem}`),
    ...templates.flatMap(({ problem }) => problem ?? []),
  ];
  const foreseen: Forecast =
    wrong.length > 0
      ? { calls: [], later: new Map() }
      : await forecast(pipeline, checked, { store, ...(refresh && { refresh }) });
  const agents = (await store.queue.agents()).filter((agent) => !isDead(agent, Date.now()));
  const unprovided = await Promise.all(templates.map((template) => lacksOf(template, agents, around)));
  const shapes = picture(pipeline);
  return {
    pipeline: pipeline.name,
    params,
    steps: partsOf(shapes, found, foreseen),
    queues: await queuesOf(pipeline, templates, store, agents),
    problems: [...wrong, ...unprovided.flatMap(({ problems }) => problems), ...endProblems(foreseen)],
    notes: [...unprovided.flatMap(({ notes }) => notes), ...endNotes(foreseen)],
  };
}

type Found = { name: string; options: Partial<TaskOptions>; problem?: string };

/** A template that is a task of its own has its options, and may be missing. */
async function lookAt(name: string, template: Template, store: Store): Promise<Found> {
  if (template.kind !== "task") return { name, options: template.options };
  try {
    await checkTask(store, template);
    const { options } = await findTask(store, template.task);
    return { name, options: { ...options, ...template.options } };
  } catch (error) {
    return { name, options: template.options, problem: `${name}: ${(error as Error).message}` };
  }
}

/** What neither this machine nor a living agent of its queue has. */
async function lacksOf(
  { name, options }: Found,
  agents: readonly Agent[],
  { machine, folder }: Surroundings,
): Promise<{ problems: string[]; notes: string[] }> {
  const ofQueue = agents.filter(({ queues, run }) => run === undefined && queues.includes(options.queue ?? ""));
  const { resources, secrets } = options;
  const enough =
    resources === undefined ||
    [machine, ...ofQueue.map((agent) => agent.resources ?? {})].some((has) => covers(has, resources));
  const notes = enough ? [] : [`${name} waits: nobody has ${resourcesText(resources)} to give`];
  if (secrets === undefined) return { problems: [], notes };
  const missing = await createSecrets(process.env.REPRISE_SECRETS || join(folder, "secrets.env"))
    .resolve(secrets)
    .then(
      () => undefined,
      (error: Error) => `${name}: ${error.message}`,
    );
  if (missing === undefined) return { problems: [], notes };
  // Another agent may know them: of that nobody is told.
  return ofQueue.length > 0 ? { problems: [], notes: [...notes, missing] } : { problems: [missing], notes };
}

function partsOf(
  { shapes }: Pick<Picture, "shapes">,
  found: Map<string, Found>,
  { calls, later }: Forecast,
): PlannedPart[] {
  const byPath = Map.groupBy(calls, ({ path }) => drawnPath(path));
  return shapes.map((shape): PlannedPart => {
    const { kind, label, template } = shape;
    const options = template === undefined ? undefined : found.get(template)?.options;
    const known = byPath.get(shape.path ?? "") ?? [];
    return {
      ...{ kind, label },
      ...(template !== undefined && { step: template }),
      ...(options && { options }),
      ...(options?.cache && { cache: known.length > 0 ? outcomesOf(known) : outcomesOf([expected(shape, later)]) }),
      ...(shape.kind === "group" && { parts: partsOf(shape, found, { calls, later }) }),
    };
  });
}

const outcomesOf = (calls: readonly Pick<Foreseen, "path" | "cache">[]): NonNullable<PlannedPart["cache"]> =>
  calls.flatMap(({ path, cache }) => (cache === undefined ? [] : [{ path, outcome: cache }]));

/** Of a call that a run would not get to at once. */
function expected({ path = "", node = {} }: Shape, later: Forecast["later"]): Pick<Foreseen, "path" | "cache"> {
  const cache = later.get(node);
  return { path, ...(cache && { cache }) };
}

async function queuesOf(
  pipeline: Pipeline,
  templates: readonly Found[],
  store: Store,
  agents: readonly Agent[],
): Promise<PlannedQueue[]> {
  const known = new Map((await store.queue.list()).map((queue) => [queue.name, queue]));
  const names = new Set([pipeline.options.queue, ...templates.flatMap(({ options }) => options.queue ?? [])]);
  return [...names].map((name) => {
    const { waiting = 0, running = 0, paused = false } = known.get(name) ?? {};
    const serving = agents.filter(({ queues, run, slots }) => slots > 0 && run === undefined && queues.includes(name));
    return { name, agents: serving.length, waiting, running, paused };
  });
}

const endProblems = ({ ends }: Forecast): string[] =>
  typeof ends === "object" ? [`the body fails at once: ${sentence(ends.failure)}`] : [];

const endNotes = ({ ends }: Forecast): string[] =>
  ends === "completed" ? ["nothing would have to run: the cache has all of it"] : [];
