/** How it ends. */
import { pipeline } from "reprise";
import { double, hang, increment } from "./steps.ts";

export const implicitTermination = pipeline("11 Implicit termination", async () => {
  const left = async () => increment({ n: await double({ n: 1 }) });
  const right = async () => double({ n: 5 });
  await Promise.all([left(), right()]);
});

export const explicitTermination = pipeline("43 Explicit termination", async ({ fails }: { fails: boolean }) => {
  const endless = hang({ n: 1 });
  for (let n = 1; ; n++) {
    const result = await double({ n });
    if (result < 6) continue;
    if (fails) throw new RangeError(`${result} is too much`);
    return [result, endless instanceof Promise];
  }
});
