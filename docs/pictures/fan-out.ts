/** Fan-outs: one step for many inputs, several steps for each of many inputs, and what makes one of it. */
import { pipeline, step } from "reprise";

type Part = { rows: number[] };

export const list = step(async ({ folder }: { folder: string }) => [`${folder}/a.csv`, `${folder}/b.csv`]);
export const read = step(async ({ file }: { file: string }): Promise<Part> => ({ rows: [file.length] }));
export const merge = step(async ({ parts }: { parts: Part[] }) => parts.flatMap(({ rows }) => rows));
export const fit = step(async ({ rows, depth }: { rows: number[]; depth: number }) => ({ rows, depth }));
export const score = step(async ({ model }: { model: { depth: number } }) => 1 - 1 / model.depth);
export const statistics = step(async ({ rows }: { rows: number[] }) => rows.length);
export const report = step(async ({ best, size }: { best: number; size: number }) => `${best} of ${size}`);

export default pipeline("fan out", async ({ folder, depths = [1, 2, 4] }: { folder: string; depths?: number[] }) => {
  const files = await list({ folder });
  const parts = await Promise.all(files.map((file) => read({ file })));
  const rows = await merge({ parts });
  const size = statistics({ rows });
  const scores = await Promise.all(
    depths.map(async (depth) => {
      const model = await fit({ rows, depth });
      return score({ model });
    }),
  );
  const best = Math.max(...scores);
  return { report: await report({ best, size: await size }) };
});
