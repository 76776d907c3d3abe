/** Caps: how large a single value of a body may become. A body holds decisions and data to decide by; what is larger belongs in steps. */
import { here } from "../graph/context.ts";
import { BudgetError } from "../graph/fatal.ts";

type Cap = {
  /** The most that a body may make. */
  most: number;
  /** The most that the language makes: beyond it, the language's own error is right. */
  possible: number;
  what: string;
  units: string;
};

const text: Cap = { most: 2 ** 26, possible: 2 ** 29 - 24, what: "a string", units: "characters" };
const items: Cap = { most: 2 ** 24, possible: 2 ** 32 - 1, what: "an array", units: "elements" };
const bytes: Cap = { most: 2 ** 26, possible: 2 ** 53 - 1, what: "a buffer", units: "bytes" };
const bits: Cap = { most: 2 ** 20, possible: 2 ** 30, what: "a bigint", units: "bits" };

/** To be called with what is about to be made, before it is. False where the language refuses to make it. */
export const capText = (length: number): boolean => cap(length, text);
export const capItems = (length: number): boolean => cap(length, items);
export const capBytes = (length: number): boolean => cap(length, bytes);
/** `least`: where it is not known exactly. */
export const capBits = (length: number, least = length): boolean => cap(length, bits, least);

/** Of any value that a built-in has made. */
export function capped<T>(value: T): T {
  if (typeof value === "string") capText(value.length);
  else if (Array.isArray(value)) capItems(value.length);
  return value;
}

function cap(size: number, { most, possible, what, units }: Cap, least = size): boolean {
  if (!(size > most)) return true;
  if (least > possible) return false;
  return here().run.end(
    new BudgetError(
      `the pipeline's body makes ${what} of ${figure(size)} ${units}, and ${figure(most)} is the most that it may hold: ` +
        "make and use it in a step",
    ),
  );
}

const figure = (n: number) => n.toLocaleString("en", { maximumFractionDigits: 0 });
