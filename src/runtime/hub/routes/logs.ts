import * as z from "zod";
import { logLevels } from "../../../model/log.ts";
import type { Ports } from "../api.ts";
import type { ShapesOf } from "./shape.ts";
import { attempt, id, time } from "./tasks.ts";

const level = z.enum(logLevels);
const line = z.strictObject({
  task: id,
  attempt,
  stream: z.enum(["stdout", "stderr"]),
  level: level.optional(),
  text: z.string(),
  at: time,
});

export const logs: ShapesOf<Ports["logs"]> = {
  append: { says: "adds lines to the consoles of tasks", takes: z.strictObject({ lines: z.array(line) }) },
  read: {
    says: "the lines of a task's console, in order",
    takes: z.strictObject({
      after: z.int().nonnegative().optional(),
      last: z.int().nonnegative().optional(),
      search: z.string().optional(),
      level: level.optional(),
    }),
    gives: z.array(line.extend({ number: z.int() })),
  },
};
