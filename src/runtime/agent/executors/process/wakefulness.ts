/** Keeps the event loop of this process turning, rather than asleep, for the moment in which an answer is due: to wake a processor that has gone to sleep takes longer than a short step does. */

export interface Wakefulness {
  /** From now on, but not for long: who has not answered by then takes its time. */
  begin(): void;
  end(): void;
}

const longestMs = 0.3;

export function createWakefulness(): Wakefulness {
  let until = 0;
  let turning = false;

  function turn(): void {
    turning = performance.now() < until;
    if (turning) setImmediate(turn);
  }

  return {
    begin() {
      until = performance.now() + longestMs;
      if (turning) return;
      turning = true;
      setImmediate(turn);
    },
    end() {
      until = 0;
    },
  };
}
