/** Which row of its group each shape stands in: below all that it needs, and not in a row that is full. */
import type { Shape } from "../picture.ts";

export type Sized = { shape: Shape; width: number; height: number };
/** Between shapes of one group, by id. */
export type Arrow = { from: string; to: string };

/** Pixels of a row that is full in a group of a few; and about what a row takes of the height. */
const fullRow = 1100;
const rowHeight = 110;

/** Rows from 0. What leads against the order of the rest, such as the way back in a loop, does not count. */
export function ranksOf(parts: readonly Sized[], arrows: readonly Arrow[]): Map<string, number> {
  const next = forward(parts, arrows);
  const ranks = new Map<string, number>();
  const widths: number[] = [];
  const least = new Map<string, number>();
  // What has thousands of steps is about as wide as it is high.
  const full = Math.max(fullRow, Math.sqrt(rowHeight * parts.reduce((sum, part) => sum + part.width, 0)));
  for (const { shape, width } of topological(parts, next)) {
    let rank = least.get(shape.id) ?? 0;
    while ((widths[rank] ?? 0) > 0 && widths[rank]! + width > full) rank += 1;
    widths[rank] = (widths[rank] ?? 0) + width;
    ranks.set(shape.id, rank);
    for (const to of next.get(shape.id) ?? []) least.set(to, Math.max(least.get(to) ?? 0, rank + 1));
  }
  return ranks;
}

/** Params stand above everything, and a way out below whatever was written before it. */
export function fromParamsToExits(parts: readonly Sized[]): Arrow[] {
  const shapes = parts.map(({ shape }) => shape);
  return shapes.flatMap((shape, i) => {
    if (shape.kind === "input") return shapes.slice(i + 1).map(({ id }) => ({ from: shape.id, to: id }));
    return shape.kind === "exit" ? shapes.slice(0, i).map(({ id }) => ({ from: id, to: shape.id })) : [];
  });
}

/** Without the arrows that close a circle, followed in the order of the program. */
function forward(parts: readonly Sized[], arrows: readonly Arrow[]): Map<string, string[]> {
  const all = new Map<string, string[]>(parts.map(({ shape }) => [shape.id, []]));
  for (const { from, to } of arrows) if (from !== to) all.get(from)?.push(to);
  const kept = new Map<string, string[]>();
  const open = new Set<string>();
  for (const { shape } of parts) {
    // Its own stack: a chain of ten thousand steps is a picture too.
    const stack = kept.has(shape.id) ? [] : [{ id: shape.id, at: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      if (top.at === 0) {
        kept.set(top.id, []);
        open.add(top.id);
      }
      const to = all.get(top.id)?.[top.at];
      top.at += 1;
      if (to === undefined) {
        open.delete(top.id);
        stack.pop();
      } else if (!open.has(to)) {
        kept.get(top.id)!.push(to);
        if (!kept.has(to)) stack.push({ id: to, at: 0 });
      }
    }
  }
  return kept;
}

/** Each after all that lead to it, else in the order of the program. */
function topological(parts: readonly Sized[], next: Map<string, string[]>): Sized[] {
  const waiting = new Map<string, number>();
  for (const targets of next.values()) for (const to of targets) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const byId = new Map(parts.map((part) => [part.shape.id, part]));
  const sorted = parts.filter(({ shape }) => !waiting.get(shape.id));
  for (const part of sorted)
    for (const to of next.get(part.shape.id) ?? []) {
      waiting.set(to, waiting.get(to)! - 1);
      if (waiting.get(to) === 0) sorted.push(byId.get(to)!);
    }
  return sorted;
}
