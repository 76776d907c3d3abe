/** What the graph of a run is drawn on: the picture of its pipeline, laid out. */
import { marks } from "../../src/cli/graph/of-run.ts";
import { type Picture, picture, type Shape } from "../../src/cli/graph/picture.ts";
import { type Layout, layout } from "../../src/cli/graph/svg/layout.ts";
import { definitionOf } from "../../src/model/definition.ts";
import type { Pipeline } from "../../src/model/pipeline.ts";

export type Sheet = { drawn: Picture; laid: Layout };

/** `definition`: of a pipeline that this one calls. Of a thousand nodes, each part takes about a tenth of a second: between them the page answers its reader. */
export async function sheetOf(pipeline: Pipeline, definition: string | undefined): Promise<Sheet> {
  await answered();
  const drawn = picture(pipeline, definition === undefined ? undefined : definitionOf(pipeline, definition));
  await answered();
  const laid = layout(withRoom(drawn));
  await answered();
  return { drawn, laid };
}

/** It goes on before what else waits, such as the run's story, where the browser knows how. */
const answered = (): Promise<unknown> =>
  (globalThis as { scheduler?: Scheduler }).scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));

type Scheduler = { yield?(): Promise<void> };

/** Boxes keep their places when something happens to them: room is made for its words beforehand. */
function withRoom({ shapes, edges }: Picture): Picture {
  const roomy = (shape: Shape): Shape => {
    if (shape.kind === "group")
      return { ...shape, fate: { status: "waiting", words: "not taken" }, shapes: shape.shapes.map(roomy) };
    return shape.kind === "step"
      ? { ...shape, fate: { status: "waiting", words: `${marks.completed} 88 × · 88.8 s, last 8.8 s` } }
      : shape;
  };
  return { shapes: shapes.map(roomy), edges };
}
