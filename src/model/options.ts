/** The options that a step, a call or a pipeline carries in the graph and on its task: those of the author, in one form and one unit. */
import { type Cache, type CachePolicy, cachePolicy } from "./cache.ts";
import { type Concurrency, checkConcurrency } from "./concurrency.ts";
import { type Duration, durationMs } from "./duration.ts";
import { checkEnv, checkSecrets, type Env } from "./environment.ts";
import { type Monitor, wrongMonitor } from "./monitor.ts";
import { namedPackages } from "./packages.ts";
import { type Rate, type RateLimit, rateLimit } from "./rate.ts";
import type { Refresh } from "./refresh.ts";
import type { Rerun } from "./rerun.ts";
import { type Amounts, amountsOf, type Resources } from "./resources.ts";
import { type Retry, type RetryPolicy, retryPolicy } from "./retry.ts";
import type { TaskType } from "./task-type.ts";

/**
 * What a failure that nobody caught means for what still runs. `stop`: it is aborted. `finish`: steps that were called may end, and nothing new begins.
 * `continue`: what does not depend on the failure goes on, new steps included. In each case the pipeline ends failed, with that failure.
 */
export type OnFailure = "stop" | "finish" | "continue";

/** As an author writes them. */
export type Options = {
  /** Default: the name of the variable, or of the method. */
  name?: string;
  /** Where it belongs, for lists. */
  project?: string;
  /** For lists. */
  tags?: readonly string[];
  /** One of the types of tasks; default `training` for steps, `controller` for pipelines. */
  type?: TaskType;
  /** Where the clones are enqueued; default `default` for steps, `services` for pipelines. */
  queue?: string;
  /** Takes the output of an earlier task with the same code, input, configuration and environment, where there is one. */
  cache?: Cache;
  /** Further attempts after a failure, or the details. */
  retry?: Retry;
  /** Running time, not queueing, of one attempt. */
  timeLimit?: Duration;
  /** Higher goes first within a queue; default 0. */
  priority?: number;
  /** Of a pipeline: what still runs when it has failed; default `stop`. */
  onFailure?: OnFailure;
  /** At most so many at once, on all agents together. */
  concurrency?: Concurrency;
  /** At most so many starts in any span of a length, on all agents together: `"60/m"`. Retries count too. */
  rate?: Rate;
  /** Variables of its environment. It runs in a process of its own then. */
  env?: Env;
  /**
   * Packages that stay outside of its bundle, for whoever runs it to provide: `["sharp", "canvas@3.1"]`. The version is the one that is installed where the
   * pipeline is compiled. Packages with native addons need not be named: they stay outside anyway.
   */
  packages?: readonly string[];
  /** Names of variables that only the agent knows the values of: from its own environment, or its file of secrets. */
  secrets?: readonly string[];
  /** What the machine must have to give: `{ gpu: 1, mem: "8G" }`. Only agents that have so much left run it. */
  resources?: Resources;
  /** Which of its metrics, artifacts and models also appear on the task of the pipeline that calls it. */
  monitor?: Monitor;
};

/** As the graph and the task keep them. */
export type TaskOptions = {
  type: TaskType;
  queue: string;
  tags?: string[];
  project?: string;
  cache?: CachePolicy;
  /** Of a run: which of its cached steps it does again. */
  refresh?: Refresh;
  /** Of a run that does an earlier one again. */
  rerun?: Rerun;
  retry?: RetryPolicy;
  timeLimitMs?: number;
  priority?: number;
  onFailure?: Exclude<OnFailure, "stop">;
  concurrency?: Concurrency;
  rate?: RateLimit;
  env?: Env;
  secrets?: string[];
  resources?: Amounts;
  monitor?: Monitor;
};

/** Throws a RangeError with one sentence where an option is out of its range. */
export function taskOptions(options: Options, role: "step" | "pipeline"): TaskOptions {
  const { tags, project, retry, timeLimit, priority, concurrency, rate, env, secrets, resources, monitor } = options;
  const { onFailure = "stop" } = options;
  checkOwnPackages(options.packages, role);
  const cache = cachePolicy(options.cache ?? false);
  if (cache && role === "pipeline") throw new RangeError("cache: a pipeline is not cached as a whole, its steps are");
  return {
    type: options.type ?? (role === "step" ? "training" : "controller"),
    queue: checkQueue(options.queue ?? (role === "step" ? "default" : "services")),
    ...(tags?.length && { tags: [...tags] }),
    ...(project !== undefined && { project }),
    ...(cache && { cache }),
    ...(retry !== undefined && retry !== 0 && { retry: retryPolicy(retry) }),
    ...(timeLimit !== undefined && { timeLimitMs: durationMs(timeLimit) }),
    ...(priority !== undefined && { priority: checkPriority(priority) }),
    ...(onFailure !== "stop" && { onFailure }),
    ...(concurrency !== undefined && { concurrency: checkConcurrency(concurrency) }),
    ...(rate !== undefined && { rate: rateLimit(rate) }),
    ...(env !== undefined && { env: checkEnv(env) }),
    ...(secrets !== undefined && secrets.length > 0 && { secrets: checkSecrets(secrets) }),
    ...(resources !== undefined && { resources: amountsOf(resources) }),
    ...(monitor !== undefined && { monitor: checkedMonitor(monitor, role) }),
  };
}

/** A step's bundle says which it needs: its task does not. */
function checkOwnPackages(packages: readonly string[] | undefined, role: "step" | "pipeline"): void {
  if (packages === undefined) return;
  if (role === "pipeline") throw new RangeError("packages: a pipeline's body uses none: its steps have the option");
  namedPackages(packages);
}

/** Throws a RangeError with one sentence where it is no name. */
export function checkQueue(queue: string): string {
  if (typeof queue !== "string" || queue.trim() === "")
    throw new RangeError("queue: it is not a text of at least one character");
  return queue;
}

/** Throws a RangeError with one sentence where it is no whole number. */
export function checkPriority(priority: number): number {
  if (!Number.isSafeInteger(priority)) throw new RangeError(`priority: ${priority} is not a whole number`);
  return priority;
}

function checkedMonitor(monitor: Monitor, role: "step" | "pipeline"): Monitor {
  const reason =
    role === "pipeline" ? "a pipeline reports nothing itself: its steps have the option" : wrongMonitor(monitor);
  if (reason !== undefined) throw new RangeError(`monitor: ${reason}`);
  return monitor;
}
