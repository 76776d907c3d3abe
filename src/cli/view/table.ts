/** A table that fits the terminal: columns as wide as their cells, the flexible ones cut where there is no room. */
import { cut, padEnd, padStart, widthOf } from "./text.ts";

export type Column<Row> = {
  title: string;
  cell(row: Row): string;
  align?: "right";
  /** May be cut, down to this many cells. */
  least?: number;
  /** Colors a cell that is already padded. */
  style?(cell: string, row: Row): string;
};

const gap = "  ";

/** Lines without line feeds, none longer than `width` where the columns' least widths allow it. The first is the head. */
export function table<Row>(rows: readonly Row[], columns: Column<Row>[], width: number): string[] {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widths = widthsWithin(
    columns.map(({ title }, i) => Math.max(widthOf(title), ...cells.map((line) => widthOf(line[i]!)))),
    columns.map(({ least }) => least),
    width - gap.length * (columns.length - 1),
  );
  const pad = (text: string, i: number) =>
    columns[i]!.align === "right" ? padStart(text, widths[i]!) : padEnd(cut(text, widths[i]!), widths[i]!);
  const head = columns.map(({ title }, i) => pad(title, i));
  const body = rows.map((row, r) =>
    columns.map(({ style }, i) => (style ? style(pad(cells[r]![i]!, i), row) : pad(cells[r]![i]!, i))),
  );
  return [head, ...body].map((line) => line.join(gap).trimEnd());
}

/** The widest flexible column gives way first. */
function widthsWithin(wanted: number[], least: (number | undefined)[], room: number): number[] {
  const widths = [...wanted];
  for (let over = widths.reduce((a, b) => a + b, 0) - room; over > 0; over--) {
    const widest = widths.reduce((at, w, i) => (w > (least[i] ?? w) && w > (widths[at] ?? 0) ? i : at), -1);
    if (widest === -1) break;
    widths[widest]! -= 1;
  }
  return widths;
}
