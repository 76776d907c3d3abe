import * as z from "zod";
import type { Ports } from "../api.ts";
import type { ShapesOf } from "./shape.ts";
import { attempt, id, time } from "./tasks.ts";

const figure = z
  .strictObject({
    task: id,
    attempt,
    kind: z.enum(["plot", "text"]),
    title: z.string(),
    iteration: z.number(),
    content: z.string(),
    at: time,
  })
  .meta({ id: "Figure" });

export const figures: ShapesOf<Ports["figures"]> = {
  put: { says: "keeps plots and texts of tasks", takes: z.strictObject({ figures: z.array(figure) }) },
  list: { says: "the plots and texts of a task", gives: z.array(figure) },
};
