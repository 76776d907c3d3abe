/**
 * Where everything in a picture stands: each group from the inside out, its shapes in rows below what they need, side by side where they may run
 * at the same time. Links run in the gaps between rows and in columns of their own, never through a box or a title. All in pixels.
 */
import type { Group, Picture, Shape } from "../picture.ts";
import { columns } from "./columns.ts";
import { type Link, type Links, linksOf } from "./links.ts";
import { orderRows } from "./order.ts";
import { type Arrow, fromParamsToExits, ranksOf } from "./ranks.ts";
import { type Cell, cellWidth, type Rows, rowsOf } from "./rows.ts";
import { type Wire, wiresOf } from "./wires.ts";
import { broadest, heightOf, type Line, linesOf } from "./words.ts";

export type Point = { x: number; y: number };
export type Box = Point & {
  shape: Shape;
  width: number;
  height: number;
  lines: Line[];
  /** Of a group, what is in it. */
  boxes: Box[];
  wires: Wire[];
};
export type Layout = { width: number; height: number; boxes: Box[]; wires: Wire[] };

const margin = 20;
const padding = 16;
const laneWidth = 16;
const gapBetweenRows = 34;
/** Of the text in a box, and above the first line of a group's title. */
const inset = { x: 14, y: 9 };
const titleGap = 8;

export function layout(picture: Picture): Layout {
  const links = linksOf(picture);
  const { boxes, wires, width, height } = inside({
    shapes: picture.shapes,
    links,
    id: "",
    title: { width: 0, height: 0 },
  });
  const placed = boxes.map((box) => moved(box, margin, margin));
  return {
    width: width + 2 * margin,
    height: height + 2 * margin,
    boxes: placed,
    wires: wires.map((wire) => movedWire(wire, margin, margin)),
  };
}

export type Laid = Box & { ports: Map<string, number> };

function boxOf(shape: Shape, links: Map<string, Links>): Laid {
  const lines = linesOf(shape);
  return shape.kind === "group" ? groupBox(shape, lines, links) : partBox(shape, lines);
}

function partBox(shape: Shape, lines: Line[]): Laid {
  const sides = shape.kind === "decision" || shape.kind === "wait" ? 2 * inset.x : inset.x;
  const width = Math.max(64, broadest(lines) + 2 * sides);
  return {
    shape,
    x: 0,
    y: 0,
    width,
    height: heightOf(lines) + 2 * inset.y,
    lines,
    boxes: [],
    wires: [],
    ports: new Map(),
  };
}

function groupBox(shape: Group, lines: Line[], links: Map<string, Links>): Laid {
  const title = { width: broadest(lines) + inset.x + iconWidth(shape), height: heightOf(lines) + inset.y };
  const { boxes, wires, width, height, ports } = inside({ shapes: shape.shapes, links, id: shape.id, title });
  return { shape, x: 0, y: 0, width, height, lines, ports, boxes, wires };
}

/** The title of a loop begins with an arrow that turns round. */
export const iconWidth = (shape: Shape): number => (shape.kind === "group" && shape.runs === "turns" ? 18 : 0);

type Content = {
  shapes: readonly Shape[];
  links: Map<string, Links>;
  id: string;
  title: { width: number; height: number };
};

function inside({ shapes, links, id, title }: Content) {
  const boxes = shapes.map((shape) => boxOf(shape, links));
  const byId = new Map(boxes.map((box) => [box.shape.id, box]));
  const { links: cut, below } = links.get(id) ?? { links: new Map<string, Link>(), below: new Map() };
  const own = [...cut.values()];
  const order = [...arrowsOf(own, below), ...fromParamsToExits(boxes)];
  const ranks = ranksOf(boxes, order);
  const rows = rowsOf(boxes, ranks, own);
  orderRows(rows);
  const isRoot = id === "";
  const lane = rows.rows.some((row) => row.some(({ kind }) => kind === "lane")) ? laneWidth : 0;
  const pad = isRoot ? 0 : padding;
  const centers = columns(rows, byId, order, {
    left: pad + lane,
    title: isRoot ? 0 : title.width,
    laneX: pad + lane / 2 - 4,
  });
  const tops = heights(rows, byId, title.height + (isRoot ? 0 : titleGap));
  const at = (cell: Cell) => centers.get(cell)!;
  for (const [i, row] of rows.rows.entries())
    for (const cell of row)
      if (cell.kind === "part") {
        const box = byId.get(cell.id)!;
        Object.assign(box, moved(box, Math.round(at(cell) - box.width / 2), tops[i]!.top), { ports: box.ports });
      }
  const right = Math.max(0, ...rows.rows.flatMap((row) => row.map((cell) => at(cell) + cellWidth(cell) / 2)));
  const ports = new Map(
    rows.rows.flatMap((row) =>
      row.flatMap((cell) =>
        cell.kind === "in" || cell.kind === "out" ? [[`${cell.kind} ${cell.bundle}`, at(cell)] as const] : [],
      ),
    ),
  );
  return {
    boxes: boxes.map(({ ports: _, ...box }): Box => box),
    wires: wiresOf(rows, byId, at, tops),
    width: Math.ceil(Math.max(right + pad, isRoot ? 0 : title.width + padding)),
    height: tops.at(-1)!.bottom,
    ports,
  };
}

function arrowsOf(links: readonly Link[], below: Map<string, Set<string>>): Arrow[] {
  const linked = links.flatMap(({ from, to }) =>
    "shape" in from && "shape" in to ? [{ from: from.shape, to: to.shape }] : [],
  );
  const ordered = [...below].flatMap(([from, all]) => [...all].map((to) => ({ from, to })));
  return [...linked, ...ordered];
}

export type Band = { top: number; bottom: number };

/** The first and the last row are the borders; between the rows there is room for links. */
function heights({ rows, strands }: Rows, byId: Map<string, Laid>, start: number): Band[] {
  const bands: Band[] = [];
  const crossings = Map.groupBy(strands, ({ row }) => row);
  let y = start;
  for (const [i, row] of rows.entries()) {
    const height = Math.max(0, ...row.map((cell) => (cell.kind === "part" ? byId.get(cell.id)!.height : 0)));
    bands.push({ top: y, bottom: y + height });
    const crossing = crossings.get(i)?.length ?? 0;
    const isBorder = i === 0 || i === rows.length - 2;
    y +=
      height +
      (crossing === 0 && isBorder ? padding / 2 : gapBetweenRows + Math.min(26, Math.max(0, crossing - 3) * 3));
  }
  // The upper border is above the title, which ports keep clear of.
  bands[0] = { top: 0, bottom: start };
  return bands;
}

function moved(box: Box, dx: number, dy: number): Box {
  return {
    ...box,
    x: box.x + dx,
    y: box.y + dy,
    boxes: box.boxes.map((inner) => moved(inner, dx, dy)),
    wires: box.wires.map((wire) => movedWire(wire, dx, dy)),
  };
}

function movedWire(wire: Wire, dx: number, dy: number): Wire {
  const shift = ({ x, y }: Point): Point => ({ x: x + dx, y: y + dy });
  return { ...wire, start: shift(wire.start), bend: shift(wire.bend), end: shift(wire.end) };
}
