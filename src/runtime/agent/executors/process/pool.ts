/**
 * The warm pool: processes that have run a step wait for the next, and one more is started ahead.
 *
 * Steps that take less than it costs to wake a process are not spread over many: a process that runs them is hot, and has the next one sooner than a cold
 * one would. So while steps are short, a few processes take turns, and a step waits for one of them; where none comes free soon, it gets another.
 */
import { availableParallelism } from "node:os";
import { type Child, type ChildOptions, startChild } from "./child.ts";
import { createWakefulness } from "./wakefulness.ts";

export type PoolOptions = ChildOptions & {
  /** Processes kept warm, beside the one in reserve. */
  size: number;
  /** Is the first to be warm when the first step comes? Else nothing is started before that. */
  ahead: boolean;
};

export interface Pool {
  /** A warm process, as soon as there is one: one that has just run a step is sooner there than a new one. Give it back when its step's output has been read. */
  take(): Promise<Child>;
  giveBack(child: Child): void;
  /** Ends the processes that are free at once, and each other one when it is given back. Resolves when none is left. */
  close(): Promise<void>;
  /** Ends all at once. */
  kill(): void;
}

/** Steps that take less, from the call to the return, are short. */
const shortMs = 1;
/** So long a short step waits for a hot process, unless it sees others get one. */
const patienceMs = 2;
const cores = availableParallelism();
/** As many as take turns: one for each core, and one that the next step is sent to meanwhile. */
const hot = cores + 1;

export function createPool({ size, ahead, ...options }: PoolOptions): Pool {
  const all = new Set<Child>();
  const starting = new Set<Child>();
  /** The warmest last. */
  const free: Child[] = [];
  const taken = new Set<Child>();
  const waiting: PromiseWithResolvers<Child>[] = [];
  /** What steps take of late. */
  let usualMs = 0;
  let ended = 0;
  let patience: NodeJS.Timeout | undefined;
  let closing = false;
  const wakefulness = createWakefulness();

  /** One process in reserve is free, or on its way to be: none where those that there are take turns. */
  function keepReserve(): void {
    if (closing || free.length > 0 || starting.size > 0 || all.size > size) return;
    if (usualMs >= shortMs || all.size < hot) start();
  }

  function start(): void {
    const child = startChild(options);
    all.add(child);
    starting.add(child);
    void child.ready.then(() => {
      starting.delete(child);
      offer(child);
    });
    void child.gone.then(() => forget(child));
  }

  function offer(child: Child): void {
    if (waiting.length > 0) hand(child);
    else if (closing) child.end();
    else free.push(child);
    keepReserve();
  }

  function hand(child: Child): void {
    taken.add(child);
    // The others have the cores that are left.
    if (usualMs < shortMs && taken.size < cores) wakefulness.begin();
    waiting.shift()!.resolve(child);
  }

  function forget(child: Child): void {
    all.delete(child);
    taken.delete(child);
    if (free.includes(child)) free.splice(free.indexOf(child), 1);
    if (!starting.delete(child)) return keepReserve();
    // It could not even start, and says why to the step that waits for it. No other is tried but for another step.
    waiting.shift()?.resolve(child);
    if (waiting.length > 0) keepReserve();
  }

  /** Those that wait get what is free. */
  function spread(): void {
    while (waiting.length > 0 && free.length > 0) hand(free.pop()!);
    keepReserve();
  }

  function waitForHot(): void {
    if (patience !== undefined) return;
    const before = ended;
    // What has ended while this process was busy is heard before the immediate.
    patience = setTimeout(
      () =>
        setImmediate(() => {
          patience = undefined;
          if (waiting.length === 0) return;
          if (ended !== before) return waitForHot();
          usualMs = shortMs;
          spread();
        }),
      patienceMs,
    );
  }

  if (ahead) keepReserve();
  return {
    take() {
      const next = Promise.withResolvers<Child>();
      waiting.push(next);
      if (taken.size >= hot && usualMs < shortMs) waitForHot();
      else spread();
      return next.promise;
    },
    giveBack(child) {
      taken.delete(child);
      if (taken.size === 0) wakefulness.end();
      ended += 1;
      usualMs += (Math.min(child.tookMs, 2 * shortMs) - usualMs) / 8;
      if (child.usable) offer(child);
    },
    async close() {
      closing = true;
      for (const child of [...free, ...starting]) child.end();
      await Promise.all([...all].map((child) => child.gone));
    },
    kill() {
      closing = true;
      for (const child of all) child.kill();
    },
  };
}
