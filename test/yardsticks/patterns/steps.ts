/** The steps of all patterns. */
import { step, Task } from "reprise";

export const double = step(async ({ n }: { n: number }) => 2 * n);

export const increment = step(async ({ n }: { n: number }) => n + 1);

export const refuse = step(async ({ why }: { why: string }): Promise<number> => {
  throw new RangeError(why);
});

/** Never ends by itself, so that whoever does not need it must do without. */
export const hang = step(
  async ({ n }: { n: number }): Promise<number> =>
    new Promise((_, reject) => {
      const { signal } = Task.current();
      const end = () => reject(new Error(`${n} was aborted`));
      if (signal.aborted) end();
      else signal.addEventListener("abort", end);
    }),
);
