/** The plots and texts that a task shows, under their titles. */
import { lazy, Suspense, useEffect, useState } from "react";
import type { Figure } from "../../src/model/figure.ts";
import { hub } from "../hub/ask.ts";
import { followNews } from "../hub/live.ts";
import { DataTable, tableOf } from "../parts/data-table.tsx";
import { Empty } from "../parts/facts.tsx";
import { Markdown } from "../parts/markdown.tsx";
import { plotOf, rowsIn } from "./plot.ts";

const Chart = lazy(() => import("../parts/chart.tsx"));

export function FigurePanel({ of: { kind, title, iteration, content } }: { of: Figure }) {
  return (
    <figure className="panel">
      <figcaption>
        <h2>{title}</h2>
        {iteration !== 0 && <span className="faint">at {iteration}</span>}
      </figcaption>
      {kind === "text" ? <Markdown text={content} /> : <Plot title={title} specification={JSON.parse(content)} />}
    </figure>
  );
}

/** Drawn where the page can; else the specification, and its data as a table. */
function Plot({ title, specification }: { title: string; specification: { [key: string]: unknown } }) {
  const plot = plotOf(specification);
  const table = tableOf(rowsIn(specification));
  if (plot)
    return (
      <Suspense fallback={<Empty>…</Empty>}>
        <Chart height={240} {...plot} />
      </Suspense>
    );
  return (
    <>
      {table && <DataTable label={`The data of ${title}`} {...table} />}
      <details open={table === undefined}>
        <summary>The Vega-Lite specification, which this page does not draw</summary>
        <pre tabIndex={0}>{JSON.stringify(specification, null, 2)}</pre>
      </details>
    </>
  );
}

/** Asked for again when the task has ended: figures have no events of their own. */
export function useFigures(id: string): Figure[] | undefined {
  const [figures, setFigures] = useState<Figure[]>();
  useEffect(() => {
    const load = () => void hub.figures.list(id).then(setFigures, () => setFigures([]));
    load();
    return followNews(["completed", "failed", "aborted", "retrying"], (events) => {
      if (events.length === 0 || events.some(({ task }) => task === id)) load();
    });
  }, [id]);
  return figures;
}
