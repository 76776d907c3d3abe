/** Work is called off, or made to finish. */
import { pipeline, signal, start } from "reprise";
import { double, hang, increment } from "./steps.ts";

export const cancelTask = pipeline("19 Cancel task", async () => {
  const task = start(hang, { n: 1 });
  const other = await double({ n: 2 });
  task.abort("not needed any more");
  try {
    return await task.result();
  } catch (error) {
    return [(error as Error).name, other];
  }
});

export const cancelCase = pipeline("20 Cancel case", async () => {
  await double({ n: 1 });
  return await Promise.all([hang({ n: 1 }), hang({ n: 2 })]);
});

export const cancelRegion = pipeline("25 Cancel region", async () => {
  const region = [start(hang, { n: 1 }), start(hang, { n: 2 })];
  const outside = double({ n: 3 });
  const left = region.map((task) => task.result().catch((error: Error) => error.name));
  await increment({ n: 0 });
  for (const task of region) task.abort("the region is called off");
  return [await Promise.all(left), await outside];
});

export const cancelInstances = pipeline("26 Cancel multiple instance activity", async () => {
  const instances = [1, 2, 3].map((n) => start(hang, { n }));
  await double({ n: 1 });
  for (const instance of instances) instance.abort();
  const ends = await Promise.allSettled(instances.map((instance) => instance.result()));
  return ends.map((end) => end.status);
});

export const completeInstances = pipeline("27 Complete multiple instance activity", async () => {
  const results: number[] = [];
  const instances = [1, 2, 3, 4].map((n) => (n < 3 ? start(double, { n }) : start(hang, { n })));
  const collected = instances.map((instance) =>
    instance.result().then(
      (result) => results.push(result),
      () => undefined,
    ),
  );
  await signal("enough");
  for (const instance of instances) instance.abort("enough were done");
  await Promise.all(collected);
  return await increment({ n: results.reduce((sum, n) => sum + n, 0) });
});
