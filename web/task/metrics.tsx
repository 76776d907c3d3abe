/** What a task has measured, as lines and as last values, while it measures; and the texts and plots that it shows. */
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { formatNumber } from "../../src/cli/view/text.ts";
import { type Scalar, summaryTitle } from "../../src/model/metric.ts";
import type { Task } from "../../src/model/task.ts";
import { hub } from "../hub/ask.ts";
import { followNews } from "../hub/live.ts";
import { Empty } from "../parts/facts.tsx";
import { FigurePanel, useFigures } from "./figures.tsx";

const Chart = lazy(() => import("../parts/chart.tsx"));
const shownPoints = 2_000;

export function Metrics({ task: { id } }: { task: Task }) {
  const titles = useSeries(id);
  const figures = useFigures(id);
  if (titles === undefined || figures === undefined) return <Empty>…</Empty>;
  if (titles.size === 0 && figures.length === 0)
    return (
      <Empty>
        It has measured nothing. <code>Task.current().scalar("loss", "train", 0.3, 1)</code> in a step draws a point
        here.
      </Empty>
    );
  return (
    <div className="charts">
      {[...titles].map(([title, series]) => (
        <figure key={title} className="panel">
          <figcaption>
            <h2>{title}</h2>
            <span className="faint">
              {series
                .map(({ name, points }) => `${name} ${formatNumber(points.at(-1)?.value ?? Number.NaN)}`)
                .join(" · ")}
            </span>
          </figcaption>
          {title !== summaryTitle && series.some(({ points }) => points.length > 1) && (
            <Suspense fallback={<Empty>…</Empty>}>
              <Chart height={200} {...aligned(series)} />
            </Suspense>
          )}
        </figure>
      ))}
      {figures.map((figure) => (
        <FigurePanel key={`${figure.kind} ${figure.title} ${figure.iteration}`} of={figure} />
      ))}
    </div>
  );
}

type Line = { name: string; points: Scalar[] };

/** By title; asked for again when the task has measured more. */
function useSeries(id: string): Map<string, Line[]> | undefined {
  const [titles, setTitles] = useState<Map<string, Line[]>>();
  const isAsking = useRef<"no" | "yes" | "again">("no");
  useEffect(() => {
    let isGone = false;
    const load = async (): Promise<void> => {
      if (isAsking.current !== "no") {
        isAsking.current = "again";
        return;
      }
      isAsking.current = "yes";
      const summaries = await hub.metrics.summaries(id);
      const lines = await Promise.all(
        summaries.map(async ({ title, series }) => ({
          title,
          line: { name: series, points: await hub.metrics.read(id, title, series, { points: shownPoints }) },
        })),
      );
      const grouped = Map.groupBy(lines, ({ title }) => title);
      if (!isGone) setTitles(new Map([...grouped].map(([title, all]) => [title, all.map(({ line }) => line)])));
      const wasAsked = isAsking.current as string;
      isAsking.current = "no";
      if (wasAsked === "again" && !isGone) await load();
    };
    void load().catch(() => setTitles(new Map()));
    const stop = followNews(["scalar"], (events) => {
      if (events.length === 0 || events.some(({ task }) => task === id)) void load().catch(() => {});
    });
    return () => {
      isGone = true;
      isAsking.current = "no";
      stop();
    };
  }, [id]);
  return titles;
}

/** Series of one title over all iterations that any of them has. */
function aligned(lines: readonly Line[]): { x: number[]; series: { name: string; values: (number | null)[] }[] } {
  const x = [...new Set(lines.flatMap(({ points }) => points.map(({ iteration }) => iteration)))].sort((a, b) => a - b);
  const series = lines.map(({ name, points }) => {
    const at = new Map(points.map(({ iteration, value }) => [iteration, value]));
    return { name, values: x.map((iteration) => at.get(iteration) ?? null) };
  });
  return { x, series };
}
