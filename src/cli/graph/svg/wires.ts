/** The links of a group as stretches of lines between its rows. */
import type { Edge } from "../picture.ts";
import type { Band, Laid, Point } from "./layout.ts";
import type { Cell, Rows, Strand } from "./rows.ts";

/** A stretch of one edge or of several: straight down from `start` to `bend`, then a curve down to `end`; or round by a lane. */
export type Wire = {
  kind: Edge["kind"];
  edges: readonly Edge[];
  start: Point;
  bend: Point;
  end: Point;
  /** `back`: the lane from the bottom of the group up to its top. */
  form: "down" | "into lane" | "out of lane" | "back";
  /** The edge ends here, at a box. */
  arrow: boolean;
};
export function wiresOf(
  { strands }: Rows,
  byId: ReadonlyMap<string, Laid>,
  at: (cell: Cell) => number,
  bands: Band[],
): Wire[] {
  const spread = spreads(strands, at, byId);
  const wires = strands.map((strand): Wire => {
    const { link, from, to, row } = strand;
    const above = bands[row]!;
    const below = bands[row + 1]!;
    const [x, endX] = [spread.from(strand), spread.to(strand)];
    const start = from.kind === "part" ? byId.get(from.id)!.y + byId.get(from.id)!.height : above.top;
    const bend = { x, y: from.kind === "lane" ? below.top : above.bottom };
    const end = { x: endX, y: to.kind === "lane" ? above.bottom : below.top };
    const form = from.kind === "lane" ? "out of lane" : to.kind === "lane" ? "into lane" : "down";
    const arrow = to.kind === "part" && strand.toPort === undefined;
    return {
      kind: link.kind,
      edges: link.edges,
      start: from.kind === "lane" ? bend : { x, y: start },
      bend,
      end,
      form,
      arrow,
    };
  });
  return [...wires, ...lanes(wires)].map(onceDown());
}

/** Where several links go the same way down, it is drawn once: twice would be bolder. */
function onceDown(): (wire: Wire) => Wire {
  const drawn = new Set<string>();
  return (wire) => {
    const way = `${wire.kind} ${wire.start.x} ${wire.start.y} ${wire.bend.y}`;
    if (drawn.has(way)) return { ...wire, start: wire.bend };
    drawn.add(way);
    return wire;
  };
}

/** From where the last link goes into the lane up to where the first comes out of it. */
function lanes(wires: readonly Wire[]): Wire[] {
  return (["data", "control"] as const).flatMap((kind): Wire[] => {
    const into = wires.filter((wire) => wire.form === "into lane" && wire.kind === kind);
    const out = wires.filter((wire) => wire.form === "out of lane" && wire.kind === kind);
    if (into.length === 0 || out.length === 0) return [];
    const edges = [...new Set([...into, ...out].flatMap((wire) => wire.edges))];
    const [start, end] = [into[0]!.end, out[0]!.start];
    return [{ kind, edges, start, bend: start, end, form: "back", arrow: false }];
  });
}

/** Links of different bundles meet a box side by side, in the order in which they come. */
function spreads(strands: readonly Strand[], at: (cell: Cell) => number, byId: ReadonlyMap<string, Laid>) {
  const found = { from: new Map<Strand, number>(), to: new Map<Strand, number>() };
  for (const side of ["from", "to"] as const) {
    const other = side === "from" ? "to" : "from";
    for (const [cell, all] of Map.groupBy(strands, (strand) => strand[side])) {
      const box = cell.kind === "part" ? byId.get(cell.id) : undefined;
      const port = (strand: Strand) =>
        box?.ports.get(side === "from" ? `out ${strand.fromPort}` : `in ${strand.toPort}`);
      for (const strand of all)
        found[side].set(strand, box && port(strand) !== undefined ? box.x + port(strand)! : at(cell));
      if (!box) continue;
      const free = all.filter((strand) => port(strand) === undefined);
      const bundles = [...Map.groupBy(free, ({ link }) => link.bundle).values()];
      const mean = (bundle: Strand[]) => bundle.reduce((sum, strand) => sum + at(strand[other]), 0) / bundle.length;
      bundles.sort((a, b) => mean(a) - mean(b));
      const step = Math.min(16, (box.width - 28) / bundles.length);
      const ports = all.flatMap((strand) => port(strand) ?? []).map((x) => box.x + x);
      bundles.forEach((bundle, i) => {
        for (const strand of bundle)
          found[side].set(strand, clearOf(ports, at(cell) + (i - (bundles.length - 1) / 2) * step));
      });
    }
  }
  return { from: (strand: Strand) => found.from.get(strand)!, to: (strand: Strand) => found.to.get(strand)! };
}

/** A port is where a link goes on: an arrow that ends beside it should not seem to. */
function clearOf(ports: readonly number[], x: number): number {
  let clear = x;
  while (ports.some((port) => Math.abs(port - clear) < 9)) clear -= 3;
  return clear;
}
