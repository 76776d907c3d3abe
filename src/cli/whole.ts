import { UsageError } from "./errors.ts";

/** Reads the value of a flag that is a whole number above 0. */
export const whole =
  (flag: string) =>
  (text: string): number => {
    const n = Number(text);
    if (!Number.isInteger(n) || n < 1) throw new UsageError(`${flag} ${text}: give a whole number above 0`);
    return n;
  };
