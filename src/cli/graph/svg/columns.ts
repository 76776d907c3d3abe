/** The columns of a group: where each thing of a row stands, so that links run as straight as can be. */
import { align } from "./align.ts";
import type { Laid } from "./layout.ts";
import type { Arrow } from "./ranks.ts";
import { type Cell, cellWidth, type Rows, type Strand } from "./rows.ts";

/** Pixels. */
const between = 26;
const betweenKnots = 12;
const rounds = 24;
/** Of its way to the middle, what a thing wishes to go in an early round: so that what hangs on nothing does not stand far off. */
const gravity = 0.12;

/** The center of each cell: shapes and knots near what they hang on, then ports near theirs, right of the title. */
export function columns(
  { rows, strands }: Rows,
  byId: ReadonlyMap<string, Laid>,
  order: readonly Arrow[],
  edge: { left: number; title: number; laneX: number },
): Map<Cell, number> {
  const centers = new Map<Cell, number>();
  const inner = rows.slice(1, -1);
  const pulls = pullsOf(strands, byId);
  for (const [cell, pull] of loosePulls(inner.flat(), pulls, order)) pulls.set(cell, [pull]);
  for (const row of inner) place(row, (_, i) => (i - (row.length - 1) / 2) * 40);
  for (let round = 0; round < rounds; round++) {
    const down = round % 2 === 0;
    const late = round >= rounds - 6;
    for (const row of down ? inner : inner.toReversed())
      place(row, (cell) => {
        const x = wish(
          cell,
          pulls.get(cell)?.filter(({ up }) => late || up === down),
        );
        return late ? x : x * (1 - gravity);
      });
  }
  const leftmost = Math.min(
    Number.POSITIVE_INFINITY,
    ...inner.flat().map((cell) => centers.get(cell)! - cellWidth(cell) / 2),
  );
  for (const cell of inner.flat()) centers.set(cell, Math.round(centers.get(cell)! - leftmost + edge.left));
  for (const [row, least] of [
    [rows[0]!, edge.title + 18],
    [rows.at(-1)!, edge.left + 8],
  ] as const) {
    const ports = row.filter(({ kind }) => kind !== "lane");
    place(ports, (cell) => wish(cell, pulls.get(cell)));
    ports.forEach((cell, i) => {
      centers.set(cell, Math.round(Math.max(centers.get(cell)!, least + i * betweenKnots)));
    });
    for (const cell of row)
      if (cell.kind === "lane") centers.set(cell, edge.laneX + (cell.id.endsWith("control") ? 5 : 0));
  }
  return centers;

  function place(row: Cell[], wishOf: (cell: Cell, i: number) => number): void {
    const wishes = row.map((cell, i) => ({
      x: wishOf(cell, i),
      width: cellWidth(cell),
      weight: cell.kind === "part" ? 1 : 6,
    }));
    const gap = (i: number) => (row[i]!.kind === "part" && row[i + 1]!.kind === "part" ? between : betweenKnots);
    align(wishes, gap).forEach((x, i) => {
      centers.set(row[i]!, x);
    });
  }

  function wish(cell: Cell, all: Pull[] = []): number {
    const pulling = all.filter(({ cell: other }) => other.kind !== "lane" && centers.has(other));
    if (pulling.length === 0) return centers.get(cell) ?? edge.left;
    return pulling.reduce((sum, { cell: other, offset }) => sum + centers.get(other)! + offset, 0) / pulling.length;
  }
}

/** `offset`: from the center of the other cell to where its end of the link is, less the same at this end. */
type Pull = { cell: Cell; offset: number; up: boolean };

function pullsOf(strands: readonly Strand[], byId: ReadonlyMap<string, Laid>): Map<Cell, Pull[]> {
  const pulls = new Map<Cell, Pull[]>();
  const pull = (cell: Cell, by: Pull) => {
    const others = pulls.get(cell);
    if (others) others.push(by);
    else pulls.set(cell, [by]);
  };
  for (const { from, to, fromPort, toPort } of strands) {
    const [a, b] = [portOffset(from, `out ${fromPort}`, byId), portOffset(to, `in ${toPort}`, byId)];
    pull(to, { cell: from, offset: a - b, up: true });
    pull(from, { cell: to, offset: b - a, up: false });
  }
  return pulls;
}

/** What no link holds stands under what it follows, or, first of all, over what follows it. */
function* loosePulls(
  cells: readonly Cell[],
  pulls: ReadonlyMap<Cell, Pull[]>,
  order: readonly Arrow[],
): Generator<[Cell, Pull]> {
  const parts = new Map(cells.flatMap((cell) => (cell.kind === "part" ? [[cell.id, cell] as const] : [])));
  for (const [id, cell] of parts) {
    if (pulls.has(cell)) continue;
    const before = order.findLast(({ to }) => to === id)?.from;
    const after = order.find(({ from }) => from === id)?.to;
    const other = parts.get(before ?? after ?? "");
    if (other) yield [cell, { cell: other, offset: 0, up: before !== undefined }];
  }
}

function portOffset(cell: Cell, port: string, byId: ReadonlyMap<string, Laid>): number {
  const box = cell.kind === "part" ? byId.get(cell.id) : undefined;
  const x = box?.ports.get(port);
  return box === undefined || x === undefined ? 0 : x - box.width / 2;
}
