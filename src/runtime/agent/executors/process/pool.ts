/**
 * The warm pool: processes that have run a step wait for the next, and one more is started ahead.
 *
 * Steps that take less than it costs to wake a process are not spread over many: a process that runs them is hot, and has the next one sooner than a cold
 * one would. So while steps are short, they go to a few processes, which run them one after the other without being woken for each. What waits behind a step that takes longer after all
 * is taken back, and has a process of its own.
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
  /** A process to run a step, as soon as there is one: one that has just run a step is sooner there than a new one. */
  take(): Child | Promise<Child>;
  /** When the step's output has been read. `tookMs`: what it took, if it has begun. */
  giveBack(child: Child, tookMs?: number): void;
  /** Ends the processes that are free at once, and each other one when it is given back. Resolves when none is left. */
  close(): Promise<void>;
  /** Ends all at once. */
  kill(): void;
}

/** Steps that take less, from the call to the return, are short. */
const shortMs = 1;
/** A process that has not ended a step for so long gets no other behind it, and those that are are taken back. */
const patienceMs = 5;
/** So long a short step waits behind others before another process is woken for it. */
const worthWakingMs = 0.5;
const cores = availableParallelism();
/** As many get short steps: one for each core, and one that the next step is sent to meanwhile. */
const hot = cores + 1;

export function createPool({ size, ahead, ...options }: PoolOptions): Pool {
  const all = new Set<Child>();
  const starting = new Set<Child>();
  /** The hottest last: of the one that has run the most steps, V8 has optimized the most. */
  const free: Child[] = [];
  /** How many steps each has. */
  const taken = new Map<Child, number>();
  /** For a process; where steps are short, only while none is hot. */
  const waiting: PromiseWithResolvers<Child>[] = [];
  /** What steps take of late. As long as nobody knows, none waits behind another where there is a process for it. */
  let usualMs = shortMs / 2;
  let watching = false;
  let closing = false;
  const wakefulness = createWakefulness();

  /** One process in reserve is free, or on its way to be: none where those that there are share the steps. */
  function keepReserve(): void {
    if (closing || free.length > 0 || starting.size > 0 || all.size > size) return;
    if (waiting.length > 0 || usualMs >= shortMs || all.size < hot) start();
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
    free.splice(free.findLastIndex(({ ran }) => ran <= child.ran) + 1, 0, child);
    serve();
    if (closing) endFree();
  }

  function endFree(): void {
    for (const child of free.splice(0)) child.end();
  }

  function serve(): void {
    while (waiting.length > 0) {
      const child = found();
      if (child === undefined) break;
      waiting.shift()!.resolve(handed(child));
    }
    keepReserve();
  }

  /** Where steps are short, one that is hot: the next one only where it would not be waiting for long, or there are as many as may be. */
  function found(): Child | undefined {
    if (usualMs >= shortMs) return free.pop();
    let hottest: Child | undefined;
    let fewest = 0;
    let count = 0;
    for (const [child, steps] of taken) {
      if (child.silentMs > patienceMs) continue;
      count += 1;
      if (hottest !== undefined && steps >= fewest) continue;
      hottest = child;
      fewest = steps;
    }
    const isEnough = hottest !== undefined && (fewest * usualMs < worthWakingMs || count >= hot);
    return isEnough ? hottest : (free.pop() ?? hottest);
  }

  function handed(child: Child): Child {
    const steps = (taken.get(child) ?? 0) + 1;
    taken.set(child, steps);
    if (steps > 1) watch();
    // The others have the cores that are left.
    if (usualMs < shortMs && taken.size < cores) wakefulness.begin();
    return child;
  }

  function watch(): void {
    if (watching) return;
    watching = true;
    // What has ended while this process was busy is heard before the immediate.
    setTimeout(() => setImmediate(takeBack), patienceMs);
  }

  function takeBack(): void {
    watching = false;
    for (const [child, steps] of taken) {
      if (steps < 2) continue;
      watch();
      // It takes none, and has given back already what had not begun.
      if (child.silentMs < patienceMs || child.silentMs === Number.POSITIVE_INFINITY) continue;
      took(Number.POSITIVE_INFINITY);
      child.takeBack();
    }
  }

  function took(ms: number): void {
    usualMs += (Math.min(ms, 2 * shortMs) - usualMs) / 8;
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

  if (ahead) keepReserve();
  return {
    take() {
      const child = found();
      if (child !== undefined) {
        handed(child);
        keepReserve();
        return child;
      }
      const next = Promise.withResolvers<Child>();
      waiting.push(next);
      keepReserve();
      return next.promise;
    },
    giveBack(child, tookMs = usualMs) {
      const steps = taken.get(child) ?? 0;
      took(tookMs);
      if (steps > 1) {
        taken.set(child, steps - 1);
        return;
      }
      taken.delete(child);
      if (taken.size === 0) wakefulness.end();
      if (child.usable) offer(child);
    },
    async close() {
      closing = true;
      endFree();
      for (const child of starting) child.end();
      await Promise.all([...all].map((child) => child.gone));
    },
    kill() {
      closing = true;
      for (const child of all) child.kill();
    },
  };
}
