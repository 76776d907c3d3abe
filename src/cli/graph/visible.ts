/** What of a picture is worth drawing. */
import type { Picture, Shape } from "./picture.ts";

/** Leaves out groups without a step, then decisions that nothing hangs on, then edges that lost an end. */
export function visible({ shapes, edges }: Picture): Picture {
  const between = (ids: Set<string>) => edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  const grouped = prune(shapes);
  const deciding = new Set(between(idsOf(grouped)).map(({ from }) => from));
  const kept = withoutDecisions(grouped, (id) => !deciding.has(id));
  return { shapes: kept, edges: between(idsOf(kept)) };
}

/** Groups that hold nothing but decisions, or nothing at all, go. */
export function prune(shapes: Shape[]): Shape[] {
  return shapes.flatMap((shape): Shape[] => {
    if (shape.kind !== "group") return [shape];
    const inner = prune(shape.shapes);
    return inner.some(({ kind }) => kind !== "decision") ? [{ ...shape, shapes: inner }] : [];
  });
}

function withoutDecisions(shapes: Shape[], unwanted: (id: string) => boolean): Shape[] {
  return shapes
    .filter(({ kind, id }) => kind !== "decision" || !unwanted(id))
    .map((shape) => (shape.kind === "group" ? { ...shape, shapes: withoutDecisions(shape.shapes, unwanted) } : shape));
}

function idsOf(shapes: Shape[]): Set<string> {
  return new Set(shapes.flatMap((shape) => [shape.id, ...(shape.kind === "group" ? idsOf(shape.shapes) : [])]));
}
