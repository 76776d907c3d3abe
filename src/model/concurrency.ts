/** Concurrency: how many tasks of a step, or of all steps with the same key, may run at once, on all agents together. */

export type Concurrency = {
  /** At most so many at once. */
  limit: number;
  /** Steps that share it are counted together, whatever pipeline they are of; default: the step itself, over all runs of its pipeline. */
  key?: string;
};

/** Checked, and with nothing else in it. Throws a RangeError with one sentence. */
export function checkConcurrency(concurrency: Concurrency): Concurrency {
  const { limit, key } = Object(concurrency) as Concurrency;
  if (!Number.isInteger(limit) || limit < 1)
    throw new RangeError(`concurrency: the limit ${JSON.stringify(limit)} is not a whole number from 1`);
  if (key !== undefined && (typeof key !== "string" || key === ""))
    throw new RangeError("concurrency: the key is not a text of at least one character");
  return { limit, ...(key !== undefined && { key }) };
}
