/** The agent: claims tasks from its queues into free slots, runs them, reports. Nothing here polls: the store says when there may be work. */
import { randomBytes } from "node:crypto";
import { type Amounts, changed } from "../../model/resources.ts";
import type { TaskId } from "../../model/task.ts";
import { type Claim, type Claimed, type ClaimRequest, ConflictError, type Executor, type Store } from "../ports.ts";
import { attempt } from "./attempt.ts";
import { holdLease, type Lease, thisProcess } from "./lease.ts";
import { noExecutor } from "./no-executor.ts";
import { Revocation } from "./revocation.ts";
import { longestTimerMs } from "./time-limit.ts";

export type AgentOptions = {
  store: Pick<Store, "queue">;
  /** In order: an entry of the first goes before any of the second; with `fair`, they take turns. */
  queues: string[];
  fair?: boolean;
  /** Tasks at once, not counting those that wait for others: pipelines, which wait for their steps. */
  slots: number;
  /** One for each kind of code that the queues may hold. The agent closes them when it stops. */
  executors: Executor[];
  /** What the machine gives to tasks that need something; default: nothing. */
  resources?: Amounts;
  /** Serve only that run. */
  run?: TaskId;
  /** The beginning of the agent's id; default `agent`. */
  name?: string;
  /** How long the agent is taken for alive without a word of it, by other machines; default 30 s. */
  leaseMs?: number;
  /** The store failed: nothing more is claimed, and what runs cannot be reported. Default: the error is thrown, uncaught. */
  onError?(error: Error): void;
};

export interface Agent {
  readonly id: string;
  /** Does anything that it runs go on? */
  readonly isBusy: boolean;
  /** Joins, takes over the work of dead agents, and claims from then on. */
  start(): Promise<void>;
  /**
   * Claims no more, and leaves. With `drain`, what runs may finish, but for runs of pipelines, which another agent takes over; without, it is aborted and queued again as lost, for another agent. Asking again
   * without `drain` hurries one that drains.
   */
  stop(options?: { drain?: boolean }): Promise<void>;
  /** Everything ends at once, unreported: for a process that is about to end. */
  kill(): void;
}

export function createAgent(options: AgentOptions): Agent {
  return new QueueAgent(options);
}

class QueueAgent implements Agent {
  readonly id: string;
  readonly #options: AgentOptions;
  readonly #executors: Map<string, Executor>;
  readonly #running = new Set<Running>();
  #takenSlots = 0;
  /** The queue that was served last. */
  #served: string | undefined;
  /** What is left of them. */
  #resources: Amounts;
  /** The lives of attempts, their reports included. */
  readonly #lives = new Set<Promise<void>>();
  #claiming: Promise<void> | undefined;
  /** Whether the store may hold something to claim, as far as is known. */
  #mayFind = false;
  #isToFill = false;
  #alarm: NodeJS.Timeout | undefined;
  #lease: Lease | undefined;
  #unwatch = () => {};
  #started: Promise<void> | undefined;
  #closing = false;
  #failed = false;
  #stopped: Promise<void> | undefined;

  constructor(options: AgentOptions) {
    this.id = `${options.name ?? "agent"}-${randomBytes(4).toString("hex")}`;
    this.#options = options;
    this.#resources = options.resources ?? {};
    this.#executors = new Map(options.executors.map((executor) => [executor.kind, executor]));
  }

  get isBusy(): boolean {
    return this.#lives.size > 0;
  }

  start(): Promise<void> {
    this.#started ??= this.#join();
    return this.#started;
  }

  stop({ drain = false }: { drain?: boolean } = {}): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#alarm);
    if (drain) this.#drain();
    else this.#abortAll();
    this.#stopped ??= this.#finish();
    return this.#stopped;
  }

  kill(): void {
    this.#closing = true;
    this.#failed = true;
    this.#abortAll();
    for (const executor of this.#executors.values()) executor.kill?.();
    this.#hangUp();
  }

  async #join(): Promise<void> {
    const { store, queues, slots, run, resources, leaseMs = 30_000 } = this.#options;
    const record = {
      id: this.id,
      ...thisProcess(),
      queues,
      slots,
      ...(run && { run }),
      ...(resources && { resources }),
    };
    this.#lease = await holdLease(store, record, { leaseMs, ...(run && { run }), failed: this.#fail });
    this.#unwatch = store.queue.watch(this.id, {
      ready: (queues) => {
        if (this.#options.queues.some((queue) => queues.has(queue))) this.#wake();
      },
      revoked: (task, attempt) => {
        for (const running of this.#running)
          if (running.task === task && running.attempt === attempt) running.revocation.abort();
      },
    });
    this.#wake();
  }

  #wake(): void {
    this.#mayFind = true;
    this.#fill();
  }

  /** Where nothing has become ready since the store gave less than was asked for, it is not asked again. */
  #fill(): void {
    if (this.#closing || this.#claiming || !this.#mayFind || this.#free() === 0) return;
    this.#claiming = this.#claimOnce();
  }

  /** When every step that ends now has ended: what they leave free is asked for at once. */
  #fillSoon(): void {
    if (this.#isToFill || !this.#mayFind) return;
    this.#isToFill = true;
    process.nextTick(() => {
      this.#isToFill = false;
      this.#fill();
    });
  }

  async #claimOnce(): Promise<void> {
    const limit = this.#options.fair ? 1 : this.#free();
    // Before the entries are asked for: what becomes ready while the store answers is not missed.
    this.#mayFind = false;
    try {
      const { queue } = this.#options.store;
      const request = this.#request(limit);
      let claimed: Claimed;
      try {
        claimed = await queue.claim(request);
      } catch (error) {
        claimed = await this.#claimAgain(request, error);
      }
      this.#take(claimed, limit);
    } catch (error) {
      this.#fail(error);
    }
    this.#claiming = undefined;
    this.#fill();
  }

  #request(limit: number): ClaimRequest {
    const { run } = this.#options;
    const request = { agent: this.id, queues: this.#queuesInTurn(), limit, resources: this.#resources };
    return run === undefined ? request : { ...request, run };
  }

  /** A machine that slept may find that others have taken the agent for dead: it joins again. */
  async #claimAgain(request: ClaimRequest, refusal: unknown): Promise<Claimed> {
    if (!(refusal instanceof ConflictError)) throw refusal;
    await this.#lease?.rejoin();
    return this.#options.store.queue.claim(request);
  }

  #take({ claims, dueAt }: Claimed, limit: number): void {
    if (this.#closing) return;
    for (const claim of claims) this.#begin(claim);
    this.#served = claims.at(-1)?.task.options.queue ?? this.#served;
    if (claims.length === limit) this.#mayFind = true;
    else this.#setAlarm(dueAt);
  }

  #queuesInTurn(): string[] {
    const { queues, fair } = this.#options;
    if (!fair || this.#served === undefined) return queues;
    const next = queues.indexOf(this.#served) + 1;
    return [...queues.slice(next), ...queues.slice(0, next)];
  }

  /** One timer for the next entry that waits for its time, such as a retry's delay. */
  #setAlarm(dueAt: number | undefined): void {
    clearTimeout(this.#alarm);
    if (dueAt === undefined || this.#closing) return;
    this.#alarm = setTimeout(() => this.#wake(), Math.min(Math.max(dueAt - Date.now(), 1), longestTimerMs));
  }

  #begin(claim: Claim): void {
    const { task } = claim;
    const executor = this.#executors.get(task.code.kind) ?? noExecutor(claim);
    const { waits } = executor;
    const revocation = new Revocation();
    const running = { task: task.id, attempt: claim.attempt, isController: waits === true, revocation };
    this.#running.add(running);
    const slots = waits === true || waits?.(task) ? 0 : 1;
    this.#takenSlots += slots;
    const { resources } = task.options;
    if (resources) this.#resources = changed(this.#resources, resources, -1);
    const freeSlot = () => {
      this.#running.delete(running);
      this.#takenSlots -= slots;
      if (resources) {
        this.#resources = changed(this.#resources, resources, 1);
        // The store may hold what there was not enough for.
        this.#mayFind = true;
      }
      this.#fillSoon();
    };
    const { queue } = this.#options.store;
    const life = attempt(claim, { agent: this.id, queue, executor, revoked: revocation, freeSlot });
    this.#lives.add(life);
    life.then(
      () => this.#lives.delete(life),
      (error) => {
        this.#lives.delete(life);
        this.#fail(error);
      },
    );
  }

  #free(): number {
    return this.#options.slots - this.#takenSlots;
  }

  /** What waits in its queues may have nobody else. Whatever a controller has come to is recorded: another one goes on from there. */
  #drain(): void {
    let hasSteps = false;
    for (const { isController, revocation } of this.#running)
      if (isController) revocation.abort();
      else hasSteps = true;
    if (hasSteps) this.#lease?.drain().catch(this.#fail);
  }

  #abortAll(): void {
    for (const { revocation } of this.#running) revocation.abort();
  }

  async #finish(): Promise<void> {
    await this.#started;
    await this.#claiming;
    while (this.#lives.size > 0) await Promise.allSettled(this.#lives);
    await Promise.all(this.#options.executors.map((executor) => executor.close()));
    this.#hangUp();
    if (this.#failed || this.#started === undefined) return;
    const {
      store: { queue },
      run,
    } = this.#options;
    // What was aborted, or claimed and never begun, is nobody's now.
    await queue.rescue((agent) => agent.id === this.id, run);
    await queue.leave(this.id);
  }

  #hangUp(): void {
    clearTimeout(this.#alarm);
    this.#lease?.end();
    this.#unwatch();
  }

  readonly #fail = (error: unknown): void => {
    if (this.#failed) return;
    this.#failed = true;
    this.#closing = true;
    const { onError = throwUncaught } = this.#options;
    onError(error as Error);
  };
}

/** Controllers wait for other tasks, and hold nothing themselves. */
type Running = { task: TaskId; attempt: number; isController: boolean; revocation: Revocation };

function throwUncaught(error: Error): void {
  queueMicrotask(() => {
    throw error;
  });
}
