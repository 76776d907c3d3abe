/** Time, for whatever waits: what it is now, and being woken when another has come. Milliseconds since 1970. */
export interface Clock {
  now(): number;
  /** Rings once when that time has come; never within this call. Gives the way to silence it. */
  at(time: number, ring: () => void): () => void;
}

/**
 * So often a long wait looks at the clock again. Timers do not count the time that a machine sleeps, and hold no more than 24 days: a wait
 * till tomorrow that began before the night is over in the morning all the same.
 */
const lookAgainMs = 60_000;

export const systemClock: Clock = {
  now: () => Date.now(),
  at(time, ring) {
    let timer: NodeJS.Timeout;
    const wait = () => {
      timer = setTimeout(look, Math.min(Math.max(time - Date.now(), 0), lookAgainMs));
    };
    const look = () => (Date.now() < time ? wait() : ring());
    wait();
    return () => clearTimeout(timer);
  },
};
