/** Branches: if and else, a switch, and a try with its catch and its finally. */
import { pipeline, step } from "reprise";

type Model = { kind: string; accuracy: number };

export const inspect = step(async ({ file }: { file: string }) => ({ rows: file.length, kind: "table" }));
export const clean = step(async ({ file }: { file: string }) => file.trim());
export const fitTree = step(async ({ file }: { file: string }): Promise<Model> => ({ kind: file, accuracy: 0.8 }));
export const fitForest = step(async ({ file }: { file: string }): Promise<Model> => ({ kind: file, accuracy: 0.9 }));
export const fitNetwork = step(async ({ file }: { file: string }): Promise<Model> => ({ kind: file, accuracy: 0.95 }));
export const publish = step(async ({ model }: { model: Model }) => `published ${model.kind}`);
export const keep = step(async ({ model }: { model: Model }) => `kept ${model.kind}`);
export const tell = step(async ({ text }: { text: string }) => text.length);
export const cleanUp = step(async () => {});

type Params = { file: string; method?: "tree" | "forest" | "network"; target?: number };

export default pipeline("branches", async ({ file, method = "tree", target = 0.9 }: Params) => {
  const { rows } = await inspect({ file });
  const input = rows > 1000 ? await clean({ file }) : file;
  let model: Model;
  switch (method) {
    case "tree":
      model = await fitTree({ file: input });
      break;
    case "forest":
      model = await fitForest({ file: input });
      break;
    default:
      model = await fitNetwork({ file: input });
  }
  let text: string;
  try {
    if (model.accuracy >= target) text = await publish({ model });
    else text = await keep({ model });
  } catch (error) {
    text = (error as Error).message;
    await tell({ text });
  } finally {
    await cleanUp();
  }
  return { text, accuracy: model.accuracy };
});
