import { current } from "../graph/context.ts";

/** What a built-in may take where nothing of the body runs: a promise may call one, as the `then` of an object. */
const freely = 1_000;

/** Burns fuel of the run whose code runs now. Ends that run where there is too little of it. */
export function burn(units: number): void {
  const { context } = current;
  if (context !== undefined) context.burn(units);
  else if (!(units <= freely)) throw new TypeError("a promise called a built-in that computes too long");
}
