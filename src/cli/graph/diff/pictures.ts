/** Two pictures in one: the newer one, with what came, what changed, and in its old place what went. */
import type { Edge, Picture, Shape } from "../picture.ts";
import type { Comparison } from "./pipelines.ts";

export function mergePictures(a: Picture, b: Picture, comparison: Comparison): Picture {
  /** Ids of the older picture → those of the merged one. */
  const ids = new Map<string, string>();
  const shapes = mergeShapes(a.shapes, b.shapes, comparison, ids);
  return { shapes, edges: mergeEdges(a.edges, b.edges, ids) };
}

function mergeShapes(
  a: readonly Shape[],
  b: readonly Shape[],
  comparison: Comparison,
  ids: Map<string, string>,
): Shape[] {
  const { pairs } = comparison;
  const older = new Map(a.map((shape) => [pairs.get(shape.node!), shape]));
  const merged = b.map((shape): Shape => {
    const before = older.get(shape.node!);
    if (before === undefined || before.kind !== shape.kind) return whole(shape, "added");
    ids.set(before.id, shape.id);
    const changed = isChanged(before, shape, comparison) ? { change: "changed" as const } : {};
    if (shape.kind !== "group" || before.kind !== "group") return { ...shape, ...changed };
    return { ...shape, ...changed, shapes: mergeShapes(before.shapes, shape.shapes, comparison, ids) };
  });
  let place = 0;
  for (const shape of a) {
    const stays = merged.findIndex(({ id }) => id === ids.get(shape.id));
    if (stays === -1) merged.splice(place, 0, removed(shape, ids));
    place = (stays === -1 ? place : stays) + 1;
  }
  return merged;
}

/** Params and tests of loops are no nodes: their words tell. */
function isChanged(before: Shape, after: Shape, { changed, steps }: Comparison): boolean {
  if (changed.has(after.node!) || before.label !== after.label) return true;
  return after.template !== undefined && steps.has(after.template);
}

function removed(shape: Shape, ids: Map<string, string>): Shape {
  const gone = whole(shape, "removed");
  const renamed = (part: Shape): Shape => {
    const id = `removed ${part.id}`;
    ids.set(part.id, id);
    const after = part.after?.map((earlier) => ids.get(earlier) ?? earlier);
    return {
      ...part,
      id,
      ...(after && { after }),
      ...(part.kind === "group" && { shapes: part.shapes.map(renamed) }),
    } as Shape;
  };
  return renamed(gone);
}

const whole = (shape: Shape, change: "added" | "removed"): Shape =>
  shape.kind === "group"
    ? { ...shape, change, shapes: shape.shapes.map((inner) => whole(inner, change)) }
    : { ...shape, change };

function mergeEdges(a: readonly Edge[], b: readonly Edge[], ids: Map<string, string>): Edge[] {
  const older = new Map(
    a.map((edge) => ({ ...edge, from: ids.get(edge.from)!, to: ids.get(edge.to)! })).map((edge) => [keyOf(edge), edge]),
  );
  const newer = new Set(b.map(keyOf));
  return [
    ...b.map((edge): Edge => (older.has(keyOf(edge)) ? edge : { ...edge, change: "added" })),
    ...[...older.values()]
      .filter((edge) => !newer.has(keyOf(edge)))
      .map((edge): Edge => ({ ...edge, change: "removed" })),
  ];
}

const keyOf = ({ kind, from, to }: Edge): string => JSON.stringify([kind, from, to]);
