import { type CallInterceptor, callInterceptor } from "../model/context.ts";
import { formatDuration } from "../model/duration.ts";
import { dueAt } from "../model/timer.ts";
import { nextTurn } from "../runtime/controller/event-loop.ts";
import type { VirtualClock } from "./clock.ts";
import { TestError } from "./error.ts";

/** `sleeps`: how to silence the alarms of what it awaits. */
type Job = { what: string; sleeps: Set<() => void> };

/**
 * The work outside of the graphs: steps, and those who send signals. It is done for real, and takes no virtual time, except that `sleep` takes virtual
 * time alone.
 */
export class Work {
  readonly #clock: VirtualClock;
  readonly #patienceMs: number;
  readonly #jobs = new Set<Job>();
  #stirred = Promise.withResolvers<void>();
  #hasNews = false;
  #broken: { error: unknown } | undefined;

  constructor(clock: VirtualClock, patienceMs: number) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
  }

  /**
   * Begins at once; `done` hears of what it gave, unless the job was abandoned by then. What `act` or `done` throws breaks the test. `what` names it in
   * sentences: `the step "fit"`. Gives the way to abandon it; false where it had ended.
   */
  begin<T>(what: string, act: () => Promise<T>, done: (value: T) => void): () => boolean {
    const job: Job = { what, sleeps: new Set() };
    this.#jobs.add(job);
    const over = (end: () => void) => {
      if (!this.#jobs.delete(job)) return;
      try {
        end();
      } catch (error) {
        this.#broken ??= { error };
      }
      this.#stir();
    };
    const work = callInterceptor.run(this.#interceptor(job), act);
    work.then(
      (value) => over(() => done(value)),
      (error) =>
        over(() => {
          throw error;
        }),
    );
    return () => this.#abandon(job);
  }

  /** Somebody at work has something to say before it is done. */
  tell(): void {
    this.#hasNews = true;
    this.#stir();
  }

  /** Resolves when everybody sleeps, or there is news. Rejects with what broke, and with a TestError where somebody does not end. */
  async quiet(): Promise<void> {
    for (;;) {
      await nextTurn();
      if (this.#broken) throw this.#broken.error;
      const busy = [...this.#jobs].find(({ sleeps }) => sleeps.size === 0);
      if (busy === undefined || this.#hasNews) break;
      await this.#movement(busy);
    }
    this.#hasNews = false;
  }

  close(): void {
    for (const job of this.#jobs) this.#abandon(job);
  }

  /** It is never woken again. */
  #abandon(job: Job): boolean {
    for (const silence of job.sleeps) silence();
    return this.#jobs.delete(job);
  }

  async #movement({ what }: Job): Promise<void> {
    const patience = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const waited = formatDuration(this.#patienceMs);
      patience.reject(
        new TestError(
          `${what} has not ended in ${waited}, and the test cannot go on without it: let a fake that takes long say so by await sleep("1h"), ` +
            "which takes virtual time, or raise the option patience",
        ),
      );
    }, this.#patienceMs);
    try {
      await Promise.race([this.#stirred.promise, patience.promise]);
    } finally {
      clearTimeout(timer);
    }
    this.#stirred = Promise.withResolvers();
  }

  #stir(): void {
    this.#stirred.resolve();
  }

  /** `sleep` and `sleepUntil` of the job take virtual time. */
  #interceptor(job: Job): CallInterceptor {
    return {
      call: (_, input, run) => run(input),
      timer: (timer) => {
        const woken = Promise.withResolvers<void>();
        if (!this.#jobs.has(job)) return woken.promise;
        const silence = this.#clock.at(dueAt(timer, this.#clock.now()), () => {
          job.sleeps.delete(silence);
          woken.resolve();
        });
        job.sleeps.add(silence);
        this.#stir();
        return woken.promise;
      },
    };
  }
}
