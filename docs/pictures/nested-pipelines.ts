/** Pipelines in pipelines: a release prepares and trains, and preparing calls a pipeline of its own. */
import { pipeline, step } from "reprise";

export const fetchTable = step(async ({ table }: { table: string }) => [table.length]);
export const validate = step(async ({ rows }: { rows: number[] }) => rows.length > 0);
export const join = step(async ({ left, right }: { left: number[]; right: number[] }) => [...left, ...right]);
export const fit = step(async ({ rows, depth }: { rows: number[]; depth: number }) => ({ rows, accuracy: 1 - 1 / depth }));
export const publish = step(async ({ model }: { model: { accuracy: number } }) => `published ${model.accuracy}`);

export const ingest = pipeline("ingest", async ({ table }: { table: string }) => {
  const rows = await fetchTable({ table });
  if (!(await validate({ rows }))) throw new RangeError(`the table ${table} is empty`);
  return rows;
});

export const prepare = pipeline("prepare", async ({ day }: { day: string }) => {
  const [orders, customers] = await Promise.all([ingest({ table: `orders_${day}` }), ingest({ table: "customers" })]);
  return join({ left: orders, right: customers });
});

export const train = pipeline("train", async ({ rows, target }: { rows: number[]; target: number }) => {
  let depth = 1;
  let model = await fit({ rows, depth });
  while (model.accuracy < target) {
    depth += 1;
    model = await fit({ rows, depth });
  }
  return model;
});

export default pipeline("release", async ({ day, target = 0.9 }: { day: string; target?: number }) => {
  const rows = await prepare({ day });
  const model = await train({ rows, target });
  return { published: await publish({ model }) };
});
