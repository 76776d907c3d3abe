import type { Clock } from "../model/clock.ts";

type Alarm = { time: number; ring(): void };

/** Virtual time: it stands still while anything can move, then is at once what somebody waits for next. */
export class VirtualClock implements Clock {
  #now: number;
  readonly #alarms = new Set<Alarm>();

  /** Milliseconds since 1970. */
  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  at(time: number, ring: () => void): () => void {
    const alarm = { time, ring };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** Rings what is due, the earliest first. False where nothing was. */
  ring(): boolean {
    const due = [...this.#alarms].filter(({ time }) => time <= this.#now).sort((a, b) => a.time - b.time);
    // One that rings may silence another.
    for (const alarm of due) if (this.#alarms.delete(alarm)) alarm.ring();
    return due.length > 0;
  }

  /** Goes on to the next time that somebody waits for. False where nobody waits. */
  forward(): boolean {
    let next = Number.POSITIVE_INFINITY;
    for (const { time } of this.#alarms) next = Math.min(next, time);
    if (next === Number.POSITIVE_INFINITY) return false;
    this.#now = Math.max(this.#now, next);
    return true;
  }
}
