import * as z from "zod";
import type { Ports } from "../api.ts";
import type { ShapesOf } from "./shape.ts";
import { anyNumber, attempt, id, time } from "./tasks.ts";

const series = { title: z.string(), series: z.string() };
const point = z
  .strictObject({ task: id, attempt, ...series, iteration: anyNumber, value: anyNumber, at: time })
  .meta({ id: "Scalar" });
const numbers = { last: anyNumber, lastIteration: anyNumber, min: anyNumber, max: anyNumber, count: z.int() };

export const metrics: ShapesOf<Ports["metrics"]> = {
  append: { says: "adds points to series", takes: z.strictObject({ points: z.array(point) }) },
  read: {
    says: "the points of a series; with `points`, about so many of them",
    takes: z.strictObject({ ...series, points: z.int().min(1).optional() }),
    gives: z.array(point),
  },
  summaries: {
    says: "what the series of a task have come to",
    gives: z.array(z.strictObject({ task: id, ...series, ...numbers })),
  },
  progress: { says: "how far an attempt is, from 0 to 1", takes: z.strictObject({ attempt, fraction: z.number() }) },
};
