/**
 * The picture of a pipeline at the granularity of calls: steps, the regions around them, the decisions between them, and where data comes
 * from. `mermaid.ts`, `dot.ts` and `svg/` write it down; `of-run.ts` and `diff/` put on it what happened, and what changed.
 */
import type { Place } from "../../model/node.ts";
import type { Definition, Pipeline } from "../../model/pipeline.ts";
import type { TaskStatus } from "../../model/task.ts";
import { Painter } from "./paint/painter.ts";
import { visible } from "./visible.ts";

export type Picture = { shapes: Shape[]; edges: Edge[] };

export type Shape = Part | Group;
export type Part = Common & { kind: "input" | "step" | "wait" | "decision" | "exit" };
export type Group = Common & {
  kind: "group";
  /** What is in it runs in turns, one after the other; or for each item, all at the same time. */
  runs?: "turns" | "items";
  /**
   * What runs if a decision goes that way. `path`: of the decision, as a step's; `outcome`: see `Decided`. Of a `switch`, a case `runsOn` into the next.
   */
  way?: { path: string; outcome: number; runsOn: boolean };
  shapes: Shape[];
};

type Common = {
  /** Unique in the picture. */
  id: string;
  label: string;
  /** Of a call: the step or the pipeline that is called. */
  template?: string;
  /** Where the author wrote it. */
  at?: Place;
  /** The path of its tasks, without the numbers of turns and activations: `loop1[]/fit`, `twice#/inc`. Of a loop, the path of a turn. */
  path?: string;
  /** Ids of what has ended, in every run, before this starts. */
  after?: string[];
  /** What of the graph it was drawn from: a node, or a region of one. */
  node?: object;
  /** What happened to it in a run. */
  fate?: Fate;
  change?: Change;
};

/** `data`: what a step gets. `control`: what a decision looks at, and what follows from it. Both name shapes by id. */
export type Edge = { kind: "data" | "control"; from: string; to: string; label?: string; change?: Change };

/** `waiting`: nothing yet. `skipped`: never, as the run has ended. */
export type Fate = { status: TaskStatus | "waiting" | "skipped"; words: string };
export type Change = "added" | "removed" | "changed";

/** Of a pipeline, or of one that it calls. One that is called is drawn where it is called, and as a step where it calls itself. */
export function picture(pipeline: Pipeline, definition: Definition = pipeline): Picture {
  return visible(new Painter(pipeline, definition).paint());
}

/** Every shape, at any depth, a group before what is in it. */
export function* shapesOf(shapes: readonly Shape[]): Generator<Shape> {
  for (const shape of shapes) {
    yield shape;
    if (shape.kind === "group") yield* shapesOf(shape.shapes);
  }
}
