/** Looks again and again whether the data have come, a while apart, and waits with next to nothing while it does: kill it, and it goes on. */
import { type Duration, pipeline, sleep, step } from "reprise";

export const look = step(async ({ time }: { time: number }) => ({ ready: time >= 3, rows: time * 100 }));

export default pipeline(
  "look until it is there",
  async ({ every = "200ms", atMost = 5 }: { every?: Duration; atMost?: number }) => {
    const began = Date.now();
    for (let time = 1; time <= atMost; time++) {
      const { ready, rows } = await look({ time });
      if (ready) return { rows, looks: time, waitedMs: Date.now() - began };
      await sleep(every);
    }
    throw new Error(`nothing came in ${atMost} looks`);
  },
);
