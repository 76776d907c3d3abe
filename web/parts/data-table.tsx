/** Rows and columns of anything, the first of many. */
import { useState } from "react";
import { brief } from "../hub/values.ts";

type DataTableProps = {
  label: string;
  columns: readonly string[];
  rows: readonly (readonly unknown[])[];
};

const shownRows = 50;

export function DataTable({ label, columns, rows }: DataTableProps) {
  const [count, setCount] = useState(shownRows);
  const isNumber = columns.map((_, j) => rows.some((row) => typeof row[j] === "number"));
  return (
    <div className="data" tabIndex={0}>
      <table aria-label={label}>
        <thead>
          <tr>
            {columns.map((name, i) => (
              <th key={i} scope="col" className={isNumber[i] ? "number" : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, count).map((row, i) => (
            <tr key={i}>
              {columns.map((_, j) => (
                <td key={j} className={isNumber[j] ? "number" : undefined}>
                  {row[j] === undefined ? "" : brief(row[j])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > count && (
        <button type="button" onClick={() => setCount(count + 500)}>
          {rows.length - count} more
        </button>
      )}
    </div>
  );
}

/** Objects as rows: all names that any of them has are columns. Undefined of what is no list of objects. */
export function tableOf(value: unknown): { columns: string[]; rows: unknown[][] } | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  if (!value.every((row) => typeof row === "object" && row !== null && !Array.isArray(row))) return undefined;
  const columns = [...new Set(value.flatMap((row) => Object.keys(row as object)))];
  return { columns, rows: value.map((row) => columns.map((name) => (row as Record<string, unknown>)[name])) };
}

/** Comma-separated values (RFC 4180): the first record names the columns. */
export function csvTable(text: string): { columns: string[]; rows: string[][] } {
  const records: string[][] = [[]];
  for (const [, quoted, plain = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    records.at(-1)!.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "") break;
    if (end !== ",") records.push([]);
  }
  const [columns = [], ...rows] = records.filter((record) => record.length > 1 || record[0] !== "");
  return { columns, rows };
}
