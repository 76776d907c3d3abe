import * as z from "zod";
import type { Ports } from "../api.ts";
import type { ShapesOf } from "./shape.ts";
import { id, time } from "./tasks.ts";

/** What it says beyond these depends on its kind. */
export const event = z
  .looseObject({ seq: z.int(), run: id, task: id, at: time, kind: z.string() })
  .meta({ id: "Event" });

export const scope = z.enum(["tree", "calls"]);

export const events: ShapesOf<Ports["events"]> = {
  read: {
    says: "the events of a run, in order, after one of them; of some kinds only where they are given",
    takes: z.strictObject({
      after: z.int().nonnegative().default(0),
      limit: z.int().nonnegative().optional(),
      scope: scope.optional(),
      kinds: z.array(z.string()).optional(),
    }),
    gives: z.array(event),
  },
  latest: { says: "the number of the latest event, whichever run's", gives: z.int() },
};
