/** Loops in loops: several searches, each of which trains until it is good enough, or has been tried often enough. */
import { pipeline, step } from "reprise";

export const load = step(async ({ source }: { source: string }) => [source.length]);
export const propose = step(async ({ rows, round }: { rows: number[]; round: number }) => ({ depth: rows.length + round }));
export const fit = step(async ({ rows, depth }: { rows: number[]; depth: number }) => ({ rows, depth }));
export const score = step(async ({ model }: { model: { depth: number } }) => ({ accuracy: 1 - 1 / model.depth }));
export const check = step(async ({ accuracy }: { accuracy: number }) => accuracy > 0.5);
export const report = step(async ({ best }: { best: number }) => `best: ${best}`);

type Params = { sources: string[]; target?: number; maxRounds?: number };

export default pipeline("nested loops", async ({ sources, target = 0.95, maxRounds = 5 }: Params) => {
  let best = 0;
  for (const source of sources) {
    const rows = await load({ source });
    let round = 0;
    let accuracy = 0;
    while (accuracy < target && round < maxRounds) {
      round += 1;
      const settings = await propose({ rows, round });
      let stable = false;
      do {
        const model = await fit({ rows, depth: settings.depth });
        ({ accuracy } = await score({ model }));
        stable = await check({ accuracy });
      } while (!stable);
    }
    best = Math.max(best, accuracy);
  }
  await report({ best });
  return { best };
});
