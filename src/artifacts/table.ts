/** Tables: rows, which may come as a stream, kept as JSON or as CSV (RFC 4180), and shown by their first rows. */
import type { ArtifactContent } from "../model/context.ts";
import type { Content } from "./content.ts";

type Row = Record<string, unknown>;

const shownRows = 10;
const shownWidth = 24;
/** Rows are handed on in pieces of about this size. */
const pieceLength = 64 * 1024;

/** Every row has the columns of the first, in their order. `type`: `application/json` (the default) or `text/csv`. Throws a TypeError. */
export function tableContent(name: string, given: ArtifactContent, type = "application/json"): Content {
  if (type !== "application/json" && type !== "text/csv")
    throw new TypeError(`the artifact "${name}": a table is kept as application/json or text/csv, not as ${type}`);
  if (!isIterable(given))
    throw new TypeError(`the artifact "${name}": a table is an array of rows, or another iterable of them`);
  const shown: Row[] = [];
  let count = 0;
  async function* rows() {
    for await (const row of given as AsyncIterable<unknown>) {
      assertRow(row, shown[0], name, count);
      count += 1;
      if (shown.length < shownRows) shown.push(row);
      yield row;
    }
  }
  return {
    kind: "table",
    type,
    chunks: joined(type === "text/csv" ? csv(rows()) : json(rows())),
    preview: () => preview(shown, count),
  };
}

const isIterable = (given: unknown): boolean =>
  typeof given === "object" && given !== null && (Symbol.iterator in given || Symbol.asyncIterator in given);

function assertRow(row: unknown, first: Row | undefined, name: string, at: number): asserts row is Row {
  if (typeof row !== "object" || row === null || Array.isArray(row))
    throw new TypeError(`the artifact "${name}": row ${at} is no object, but a table's rows have named columns`);
  const unknown = first && Object.keys(row).find((column) => !Object.hasOwn(first, column));
  if (unknown !== undefined)
    throw new TypeError(`the artifact "${name}": row ${at} has a column "${unknown}", which the first row has not`);
}

async function* json(rows: AsyncIterable<Row>): AsyncGenerator<string> {
  let before = "[\n";
  for await (const row of rows) {
    yield `${before}${JSON.stringify(row)}`;
    before = ",\n";
  }
  yield before === "[\n" ? "[]" : "\n]";
}

async function* csv(rows: AsyncIterable<Row>): AsyncGenerator<string> {
  let columns: string[] | undefined;
  for await (const row of rows) {
    if (columns === undefined) {
      columns = Object.keys(row);
      yield `${columns.map(quoted).join(",")}\r\n`;
    }
    yield `${columns.map((column) => quoted(cellText(row[column]))).join(",")}\r\n`;
  }
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

function cellText(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

async function* joined(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let piece = "";
  for await (const text of texts) {
    piece += text;
    if (piece.length < pieceLength) continue;
    yield Buffer.from(piece, "utf8");
    piece = "";
  }
  yield Buffer.from(piece, "utf8");
}

function preview(rows: Row[], count: number): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => cellText(row[column])))].map((line) =>
    line.map((cell) => (cell.length > shownWidth ? `${cell.slice(0, shownWidth - 1)}…` : cell).replace(/\s+/g, " ")),
  );
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  const text = lines.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("  ")
      .trimEnd(),
  );
  return [`${count} rows, ${columns.length} columns`, ...(columns.length > 0 ? text : [])].join("\n");
}
