/** A pipeline that mostly waits. */
import { pipeline, sleep, step } from "reprise";

export const wake = step(async () => "awake");

export const sleeper = pipeline("sleeper", async () => {
  await sleep("1d");
  return wake();
});
