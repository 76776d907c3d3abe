/** The order within each row that lets the fewest links cross: each thing near the middle of what it hangs on (barycenters, swept down and up). */
import type { Cell, Rows, Strand } from "./rows.ts";

const sweeps = 6;
/** Pairs are compared: more than so many links between two rows are not counted. */
const countedStrands = 120;

/** Sorts the rows in place. */
export function orderRows({ rows, strands }: Rows): void {
  const above = neighbours(strands, "to", "from");
  const below = neighbours(strands, "from", "to");
  let best = rows.map((row) => [...row]);
  let fewest = crossings(rows, strands);
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    const down = sweep % 2 === 0;
    const at = positions(rows);
    for (const row of down ? rows : rows.toReversed()) {
      sortBy(row, down ? above : below, at);
      place(row, at);
    }
    const now = crossings(rows, strands);
    if (now < fewest) [fewest, best] = [now, rows.map((row) => [...row])];
  }
  best.forEach((row, i) => {
    rows[i] = row;
  });
}

function neighbours(strands: readonly Strand[], of: "from" | "to", side: "from" | "to"): Map<Cell, Cell[]> {
  const found = new Map<Cell, Cell[]>();
  for (const strand of strands) {
    const near = found.get(strand[of]);
    if (near) near.push(strand[side]);
    else found.set(strand[of], [strand[side]]);
  }
  return found;
}

function positions(rows: readonly Cell[][]): Map<Cell, number> {
  const at = new Map<Cell, number>();
  for (const row of rows) place(row, at);
  return at;
}

/** From the middle of the row, so that rows of different lengths compare. */
function place(row: readonly Cell[], at: Map<Cell, number>): void {
  row.forEach((cell, i) => {
    at.set(cell, i - (row.length - 1) / 2);
  });
}

function sortBy(row: Cell[], neighbours: Map<Cell, Cell[]>, at: Map<Cell, number>): void {
  const wishes = new Map(
    row.map((cell) => {
      const near = neighbours.get(cell) ?? [];
      return [cell, near.length === 0 ? at.get(cell)! : near.reduce((sum, n) => sum + at.get(n)!, 0) / near.length];
    }),
  );
  row.sort((a, b) => wishes.get(a)! - wishes.get(b)!);
}

function crossings(rows: readonly Cell[][], strands: readonly Strand[]): number {
  const at = new Map(rows.flatMap((row) => row.map((cell, i) => [cell, i] as const)));
  const byRow = Map.groupBy(strands, ({ row }) => row);
  let count = 0;
  for (const between of byRow.values()) {
    const ends = between.slice(0, countedStrands).map(({ from, to }) => [at.get(from)!, at.get(to)!] as const);
    for (const [i, [a, b]] of ends.entries())
      for (const [c, d] of ends.slice(i + 1)) if ((a - c) * (b - d) < 0) count += 1;
  }
  return count;
}
