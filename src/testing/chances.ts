import type { Clock } from "../model/clock.ts";
import type { ChanceSources } from "../runtime/controller/chances.ts";

/** Chance and time as a body reads them in a test: the same every time. `random` gives numbers from 0 to 1. */
export function testChances(clock: Clock, random: () => number): ChanceSources {
  const begun = clock.now();
  return {
    "Date.now": () => clock.now(),
    "performance.now": () => clock.now() - begun,
    "Math.random": random,
    "crypto.randomUUID": () => uuid(random),
  };
}

/** Of version 4. */
function uuid(random: () => number): string {
  const digit = (from: number, count: number) => (from + Math.floor(random() * count)).toString(16);
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, (place) =>
    place === "y" ? digit(8, 4) : digit(0, 16),
  );
}
