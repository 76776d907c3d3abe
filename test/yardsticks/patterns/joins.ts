/** Joins that the language has no word for, in plain TypeScript: a body calls them as it calls any function of its project. */

/** The first `n` results of them, in the order in which they come; the rest is left alone. */
export function some<T>(n: number, promises: Promise<T>[]): Promise<T[]> {
  return until(promises, (results) => results.length === n);
}

/** The results that there are as soon as they are enough. */
export function until<T>(promises: Promise<T>[], enough: (results: T[]) => boolean): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const results: T[] = [];
    const note = (result: T) => {
      results.push(result);
      if (enough(results)) resolve([...results]);
    };
    promises.forEach(async (promise) => {
      try {
        note(await promise);
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** One at a time: whoever comes while another is inside waits for it. */
export function mutex(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}
