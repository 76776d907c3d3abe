/** Several instances of one activity. */
import { detach, pipeline, start } from "reprise";
import { some, until } from "./joins.ts";
import { double, hang, increment } from "./steps.ts";

export const withoutSynchronization = pipeline("12 Multiple instances without synchronization", async () => {
  for (const n of [1, 2, 3]) detach(double({ n }));
  return "spawned";
});

export const designTimeKnowledge = pipeline("13 Multiple instances with design-time knowledge", async () => {
  return await Promise.all([double({ n: 1 }), double({ n: 2 }), double({ n: 3 })]);
});

export const runTimeKnowledge = pipeline("14 Multiple instances with run-time knowledge", async () => {
  const count = await increment({ n: 3 });
  return await Promise.all(Array.from({ length: count }, async (_, n) => double({ n })));
});

export const withoutKnowledge = pipeline("15 Multiple instances without knowledge", async () => {
  const found = new Set([1]);
  for (const n of found) {
    const next = await double({ n });
    if (next < 20) found.add(next);
    if (next === 4) found.add(5);
  }
  return [...found];
});

export const staticPartialJoin = pipeline("34 Static partial join for multiple instances", async () => {
  const instances = [1, 2, 3, 4].map((n) => (n % 2 === 0 ? double({ n }) : hang({ n })));
  return (await some(2, instances)).toSorted();
});

export const cancellingPartialJoin = pipeline("35 Cancelling partial join for multiple instances", async () => {
  const instances = [1, 2, 3, 4].map((n) => (n % 2 === 0 ? start(double, { n }) : start(hang, { n })));
  const enough = await some(
    2,
    instances.map((instance) => instance.result()),
  );
  for (const instance of instances) instance.abort("two of four are enough");
  return await increment({ n: enough.length });
});

export const dynamicPartialJoin = pipeline("36 Dynamic partial join for multiple instances", async () => {
  const instances = [double({ n: 3 }), hang({ n: 0 }), double({ n: 4 }), double({ n: 5 })];
  const results = await until(instances, (some) => some.reduce((sum, n) => sum + n, 0) >= 24);
  return results.toSorted((x, y) => x - y);
});
