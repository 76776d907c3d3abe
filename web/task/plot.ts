/** A Vega-Lite specification as what the page's chart can draw: one mark over one field, its data in it. */
import type { Mark, Plotted, Series } from "../parts/chart.tsx";

/** https://vega.github.io/vega-lite/docs/spec.html */
type Fields = { readonly [name: string]: unknown };
type Kind = "quantitative" | "temporal" | "nominal";
type Row = Fields;

/** What changes the picture and is not known here leaves it to be shown as it is: a wrong picture is worse than none. */
const knownParts = ["$schema", "data", "mark", "encoding", "title", "description", "name", "width", "height", "config"];
const knownChannels = ["x", "y", "color", "tooltip"];
const knownSettings = ["field", "type", "title", "axis", "legend"];
const marks: Record<string, Mark> = {
  ...{ line: "line", area: "area", bar: "bar" },
  ...{ point: "point", circle: "point", square: "point" },
};
const mostSeries = 12;

/** Undefined where it is more than that. */
export function plotOf(specification: Fields): Plotted | undefined {
  const { mark: given, encoding } = specification;
  const mark = marks[String(isFields(given) ? given.type : given)];
  const rows = rowsIn(specification);
  if (mark === undefined || rows === undefined || !isFields(encoding)) return undefined;
  if (!isWithin(specification, knownParts) || !isWithin(encoding, knownChannels)) return undefined;
  const [x, y, color] = [encoding.x, encoding.y, encoding.color].map((channel) => channelOf(channel, rows));
  if (x === undefined || y?.kind !== "quantitative" || (encoding.color !== undefined && color === undefined))
    return undefined;
  const parts = [...Map.groupBy(rows, (row) => (color ? String(row[color.field]) : y.title))];
  // Those would lie upon each other.
  if (parts.length > (mark === "bar" || mark === "area" ? 1 : mostSeries)) return undefined;
  const { at, ...scale } = scaleOf(x, rows);
  return {
    mark,
    ...scale,
    ...(mark === "point" ? apart : together)(parts, at, y.field),
    xName: x.title,
    yName: y.title,
  };
}

/** The rows of data that stand in a specification. */
export function rowsIn({ data }: Fields): Row[] | undefined {
  const values = isFields(data) ? data.values : undefined;
  return Array.isArray(values) && values.length > 0 && values.every(isFields) ? values : undefined;
}

type Channel = { field: string; kind: Kind; title: string };

function channelOf(given: unknown, rows: readonly Row[]): Channel | undefined {
  if (!isFields(given) || typeof given.field !== "string" || !isWithin(given, knownSettings)) return undefined;
  const { field, type, title } = given;
  return { field, kind: kindOf(type, field, rows), title: typeof title === "string" ? title : field };
}

function kindOf(type: unknown, field: string, rows: readonly Row[]): Kind {
  if (type === "quantitative" || type === "temporal") return type;
  if (type !== undefined) return "nominal";
  return rows.every((row) => typeof row[field] === "number") ? "quantitative" : "nominal";
}

/** Where a row stands on the x axis. */
type Scale = { at(row: Row): number; labels?: string[]; isTime?: boolean };

function scaleOf({ field, kind }: Channel, rows: readonly Row[]): Scale {
  if (kind === "quantitative") return { at: (row) => numberOf(row[field]) ?? Number.NaN };
  if (kind === "temporal") return { at: (row) => new Date(row[field] as string).getTime() / 1_000, isTime: true };
  const labels = [...new Set(rows.map((row) => String(row[field])))];
  return { at: (row) => labels.indexOf(String(row[field])), labels };
}

type Drawn = { x: number[]; series: Series[] };
type Parts = readonly [name: string, rows: Row[]][];

/** One value of each series for each x. */
function together(parts: Parts, at: Scale["at"], field: string): Drawn {
  const x = [...new Set(parts.flatMap(([, rows]) => rows.map(at)))].filter(Number.isFinite).sort((a, b) => a - b);
  const series = parts.map(([name, rows]) => {
    const values = new Map(rows.map((row) => [at(row), numberOf(row[field])]));
    return { name, values: x.map((each) => values.get(each) ?? null) };
  });
  return { x, series };
}

/** Any number of points over each x. */
function apart(parts: Parts, at: Scale["at"], field: string): Drawn {
  const points = parts
    .flatMap(([, rows], part) => rows.map((row) => ({ part, x: at(row), y: numberOf(row[field]) })))
    .filter(({ x }) => Number.isFinite(x))
    .sort((a, b) => a.x - b.x);
  return {
    x: points.map(({ x }) => x),
    series: parts.map(([name], i) => ({ name, values: points.map(({ part, y }) => (part === i ? y : null)) })),
  };
}

const numberOf = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isWithin = (given: Fields, known: readonly string[]): boolean =>
  Object.keys(given).every((name) => known.includes(name));
