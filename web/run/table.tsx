/** A loop, or a fan-out, as a table of experiments: turns are rows; what its steps took, measured and gave are columns. Sorted, drawn, two compared. */
import { lazy, Suspense, useMemo, useState } from "react";
import { drawnPath } from "../../src/cli/graph/seen.ts";
import { formatNumber } from "../../src/cli/view/text.ts";
import type { TaskId } from "../../src/model/task.ts";
import { leaves } from "../hub/values.ts";
import type { Plotted } from "../parts/chart.tsx";
import { Empty } from "../parts/facts.tsx";
import { Link, toTask } from "../parts/link.tsx";
import { Rows } from "../parts/rows.tsx";
import { Status } from "../parts/status.tsx";
import { go } from "../route.ts";
import { type Passed, usePassed } from "./passed.ts";
import type { Story, Told } from "./story.ts";

const Chart = lazy(() => import("../parts/chart.tsx"));

type Cell = string | number | boolean | undefined;
type Values = ReadonlyMap<string, Cell>;
type Row = { told: Told; label: string; values: Values };

export function TurnTable({ story, count }: { story: Story; count: number }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the count grows with the story
  const steps = useMemo(() => Map.groupBy(story.tasks.values(), ({ path }) => drawnPath(path)), [story, count]);
  const repeated = [...steps].filter(([, tasks]) => tasks.length > 1).sort(([, a], [, b]) => b.length - a.length);
  const [wanted, want] = useState<string>();
  const chosen = wanted !== undefined && steps.has(wanted) ? wanted : (repeated[0]?.[0] ?? [...steps.keys()][0]);
  if (chosen === undefined)
    return <Empty>No step was started yet. When one has run several times, its turns are compared here.</Empty>;
  return (
    <section>
      <div className="tools">
        <label>
          Step{" "}
          <select value={chosen} onChange={(event) => want(event.target.value)}>
            {[...steps].map(([path, tasks]) => (
              <option key={path} value={path}>
                {path} · {tasks.length}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Experiments key={chosen} tasks={steps.get(chosen)!} />
    </section>
  );
}

function Experiments({ tasks }: { tasks: Told[] }) {
  const values = usePassed(tasks);
  const rows: Row[] = tasks.map((told) => ({ told, label: told.path, values: valuesOf(told, values.get(told.id)) }));
  const columns = columnsOf(rows);
  const numeric = columns.filter((name) => rows.some(({ values }) => typeof values.get(name) === "number"));
  const [order, setOrder] = useState<{ by: string; down: boolean }>({ by: "", down: false });
  const [charted, chart] = useState<string>();
  const [against, setAgainst] = useState("");
  const [compared, compare] = useState<TaskId[]>([]);
  const sorted =
    order.by === ""
      ? order.down
        ? rows.toReversed()
        : rows
      : rows.toSorted((a, b) => (order.down ? -1 : 1) * compareCells(a.values.get(order.by), b.values.get(order.by)));
  const drawn =
    charted ?? numeric.find((name) => name.startsWith("measured")) ?? numeric.find((name) => name.startsWith("gave"));
  const toggle = (id: TaskId) =>
    compare((before) => (before.includes(id) ? before.filter((other) => other !== id) : [...before, id].slice(-2)));
  const sort = (by: string) => setOrder({ by, down: order.by === by ? !order.down : by !== "" });
  const grid = {
    gridTemplateColumns: `24px 210px 110px ${columns.map(() => "160px").join(" ")} 1fr`,
  };
  return (
    <>
      {drawn !== undefined && rows.length > 1 && (
        <figure className="panel">
          <figcaption className="tools">
            <label>
              Drawn{" "}
              <select value={drawn} onChange={(event) => chart(event.target.value)}>
                {numeric.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
            <label>
              over{" "}
              <select value={against} onChange={(event) => setAgainst(event.target.value)}>
                <option value="">the {rows.length} turns</option>
                {numeric.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
          </figcaption>
          <Suspense fallback={<Empty>…</Empty>}>
            <Chart height={190} {...plotOf(rows, drawn, against)} />
          </Suspense>
        </figure>
      )}
      {compared.length === 2 && (
        <Compared rows={compared.map((id) => rows.find(({ told }) => told.id === id)!)} columns={columns} />
      )}
      <Rows
        of={sorted}
        height={32}
        label="Turns"
        className="experiments"
        header={
          <div className="row header" style={grid}>
            <span>
              <span className="unseen">Choose two to compare</span>
            </span>
            <span>
              <button type="button" className="sort" onClick={() => sort("")}>
                task {order.by === "" && (order.down ? "↓" : "↑")}
              </button>
            </span>
            <span>status</span>
            {columns.map((name) => (
              <span key={name}>
                <button type="button" className="sort" title={name} onClick={() => sort(name)}>
                  {name} {order.by === name && (order.down ? "↓" : "↑")}
                </button>
              </span>
            ))}
          </div>
        }
        draw={({ told, label, values }) => (
          <div className="row" style={grid}>
            <span>
              <input
                type="checkbox"
                aria-label={`Compare ${label}`}
                checked={compared.includes(told.id)}
                onChange={() => toggle(told.id)}
              />
            </span>
            <span className="cut">
              <Link to={toTask(told.id)}>{label}</Link>
            </span>
            <span>
              <Status of={told.status} />
            </span>
            {columns.map((name) => (
              <span key={name} className="cell cut" title={shown(values.get(name))}>
                {shown(values.get(name))}
              </span>
            ))}
          </div>
        )}
      />
    </>
  );
}

/** A column as a line over the turns, or as points over another column. */
function plotOf(rows: readonly Row[], name: string, against: string): Plotted {
  const values = rows.map((row) => numberOf(row.values.get(name)));
  if (against === "") return { x: rows.map((_, i) => i + 1), series: [{ name, values }] };
  const points = rows
    .map(({ values }) => ({ x: numberOf(values.get(against)), y: numberOf(values.get(name)) }))
    .filter((point): point is { x: number; y: number } => point.x !== null && point.y !== null)
    .sort((a, b) => a.x - b.x);
  const series = [{ name, values: points.map(({ y }) => y) }];
  return { mark: "point", x: points.map(({ x }) => x), series, xName: against, yName: name };
}

function Compared({ rows, columns }: { rows: Row[]; columns: string[] }) {
  const [a, b] = rows as [Row, Row];
  const different = columns.filter((name) => a.values.get(name) !== b.values.get(name));
  return (
    <div className="panel">
      <div className="head">
        <h2>
          {a.label} and {b.label}
        </h2>
        <span className="grow" />
        <button type="button" onClick={() => go({ view: "compare", a: a.told.id, b: b.told.id })}>
          All of both
        </button>
      </div>
      <table aria-label="What differs">
        <thead>
          <tr>
            <th scope="col">differs</th>
            <th scope="col">{a.label}</th>
            <th scope="col">{b.label}</th>
          </tr>
        </thead>
        <tbody>
          {different.map((name) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{shown(a.values.get(name))}</td>
              <td>{shown(b.values.get(name))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {different.length === 0 && <p className="faint">Nothing that is small enough to be a column differs.</p>}
    </div>
  );
}

function valuesOf(told: Told, { took, gave }: Passed = {}): Values {
  const values = new Map<string, Cell>();
  for (const [name, value] of leaves(took)) values.set(`took ${name}`, value);
  for (const [name, value] of told.scalars) values.set(`measured ${name}`, value);
  for (const [name, value] of leaves(gave)) values.set(`gave ${name}`, value);
  return values;
}

const mostColumns = 24;

/** Those that differ between rows first come first; what is the same in all of them says nothing. */
function columnsOf(rows: readonly Row[]): string[] {
  const seen = new Map<string, Set<Cell>>();
  for (const { values } of rows)
    for (const [name, value] of values) seen.set(name, (seen.get(name) ?? new Set()).add(value));
  const order = ["took", "measured", "gave"];
  return [...seen]
    .filter(([, values]) => rows.length === 1 || values.size > 1 || rows.length < 3)
    .map(([name]) => name)
    .sort((a, b) => order.indexOf(a.split(" ", 1)[0]!) - order.indexOf(b.split(" ", 1)[0]!))
    .slice(0, mostColumns);
}

const numberOf = (cell: Cell): number | null => (typeof cell === "number" && Number.isFinite(cell) ? cell : null);
const shown = (cell: Cell): string =>
  typeof cell === "number" ? formatNumber(cell) : cell === undefined ? "" : String(cell);

function compareCells(a: Cell, b: Cell): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
}
