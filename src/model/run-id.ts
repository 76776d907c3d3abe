/** Ids of runs: short, readable, sortable by their time, and free to be chosen by people. */

/** For a run that starts at `now` (milliseconds since 1970): the time and five digits of chance, in base 36: `mb3x7k2q4f0z1`. */
export function runId(now: number, random: () => number = Math.random): string {
  const chance = Math.floor(random() * 36 ** 5);
  return now.toString(36) + chance.toString(36).padStart(5, "0");
}

/** A run's id is also the beginning of the ids of its tasks, and is typed on command lines. */
export const runIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
