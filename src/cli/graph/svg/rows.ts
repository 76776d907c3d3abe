/**
 * The rows of a group: ports in the upper border, its shapes row by row, ports in the lower border. A link over several rows has a knot in each
 * between, so that it has a place of its own there and runs through nothing. What leads back up goes round by the lane at the left.
 */
import type { End, Link } from "./links.ts";
import type { Sized } from "./ranks.ts";

export type Cell =
  | { kind: "part"; id: string; part: Sized }
  /** Where a link crosses a row, or a border, or enters the lane. */
  | { kind: "knot" | "in" | "out" | "lane"; id: string; bundle: string };

/** From one row to the next. `port`: where the cell's group is entered or left. */
export type Strand = { link: Link; from: Cell; to: Cell; fromPort?: string; toPort?: string; row: number };

export type Rows = { rows: Cell[][]; strands: Strand[] };

export function rowsOf(parts: readonly Sized[], ranks: ReadonlyMap<string, number>, links: readonly Link[]): Rows {
  const last = Math.max(-1, ...ranks.values()) + 2;
  const rows: Cell[][] = Array.from({ length: last + 1 }, () => []);
  const cells = new Map<string, Cell>();
  const strands = new Map<string, Strand>();
  for (const part of parts) put(partRow(ranks, part.shape.id), { kind: "part", id: part.shape.id, part });

  for (const link of links) {
    const [from, to] = [cellOf(link.from, "from", link), cellOf(link.to, "to", link)];
    if (from.row < to.row) chain(link, from, to);
    else {
      chain(link, from, {
        cell: put(last, { kind: "lane", id: `lane down ${link.kind}`, bundle: link.bundle }),
        row: last,
      });
      chain(link, { cell: put(0, { kind: "lane", id: `lane up ${link.kind}`, bundle: link.bundle }), row: 0 }, to);
    }
  }
  return { rows, strands: [...strands.values()] };

  function put(row: number, cell: Cell): Cell {
    const known = cells.get(cell.id);
    if (known) return known;
    cells.set(cell.id, cell);
    rows[row]!.push(cell);
    return cell;
  }

  function cellOf(end: End, side: "from" | "to", { bundle }: Link): Stop {
    if ("in" in end) return { cell: put(0, { kind: "in", id: `in ${bundle}`, bundle }), row: 0 };
    if ("out" in end) return { cell: put(last, { kind: "out", id: `out ${bundle}`, bundle }), row: last };
    const stop = { cell: cells.get(end.shape)!, row: partRow(ranks, end.shape) };
    return end.port === undefined ? stop : { ...stop, [side === "from" ? "fromPort" : "toPort"]: end.port };
  }

  function chain(link: Link, from: Stop, to: Stop): void {
    let before = from;
    for (let row = from.row + 1; row <= to.row; row++) {
      const id = `${link.bundle} row ${row}`;
      const after = row === to.row ? to : { cell: put(row, { kind: "knot", id, bundle: link.bundle }), row };
      const { fromPort } = before;
      const { toPort } = after as Stop;
      const key = `${link.bundle}\n${before.cell.id}\n${after.cell.id}`;
      strands.set(key, {
        ...{ link, from: before.cell, to: after.cell, row: row - 1 },
        ...(fromPort !== undefined && { fromPort }),
        ...(toPort !== undefined && { toPort }),
      });
      before = after;
    }
  }
}

type Stop = { cell: Cell; row: number; fromPort?: string; toPort?: string };

const partRow = (ranks: ReadonlyMap<string, number>, id: string): number => ranks.get(id)! + 1;

export const cellWidth = (cell: Cell): number => (cell.kind === "part" ? cell.part.width : 0);
