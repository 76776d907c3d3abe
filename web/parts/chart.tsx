/** Lines, points, bars or areas over numbers, times or names. */
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export type Mark = "line" | "point" | "bar" | "area";
export type Series = { name: string; values: (number | null)[] };

/** What to draw. `x` rises; with `labels` it counts them from 0, with `isTime` it is seconds since 1970. */
export type Plotted = {
  mark?: Mark;
  x: number[];
  series: Series[];
  labels?: readonly string[];
  isTime?: boolean;
  xName?: string;
  yName?: string;
};

/** Between iterations there is nothing. */
const whole = [1, 2, 5]
  .flatMap((n) => [1, 10, 100, 1e3, 1e4, 1e5, 1e6].map((power) => n * power))
  .sort((a, b) => a - b);

const palette = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6"];
const marks: Record<Mark, string> = { line: "lines", point: "points", bar: "bars", area: "an area" };

export default function Chart({ height, ...plotted }: Plotted & { height: number }) {
  const { x, series, mark = "line", labels, isTime, xName, yName } = plotted;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const shape = JSON.stringify([series.map(({ name }) => name), mark, labels, isTime, xName, yName]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew for others; their points come below
  useEffect(() => {
    const element = place.current!;
    const width = element.clientWidth;
    const made = new uPlot({ ...optionsOf(plotted, element), width, height }, dataOf(plotted), element);
    // The names of the series are in the picture's own.
    made.root.querySelector(".u-legend")?.setAttribute("aria-hidden", "true");
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [shape, height]);
  useEffect(() => plot.current?.setData(dataOf(plotted)));
  return (
    <div
      ref={place}
      className="chart"
      role="img"
      aria-label={`${series.map(({ name }) => name).join(", ")} as ${marks[mark]} over ${x.length} ${xName ?? "points"}`}
    />
  );
}

const dataOf = ({ x, series }: Plotted): uPlot.AlignedData => [x, ...series.map(({ values }) => values)];

function optionsOf({ x, series, mark = "line", labels, isTime = false, xName, yName }: Plotted, element: HTMLElement) {
  const color = (name: string) => resolved(element, name);
  const axis = {
    stroke: color("--faint"),
    grid: { stroke: color("--border"), width: 1 },
    ticks: { stroke: color("--border"), width: 1 },
    labelSize: 22,
    labelFont: "12px system-ui, sans-serif",
  };
  const isWhole = x.every(Number.isInteger);
  const isFromZero = mark === "bar" || mark === "area";
  return {
    scales: {
      x: { time: isTime, ...(labels && { range: [-0.5, labels.length - 0.5] as [number, number] }) },
      y: isFromZero ? { range: (_: uPlot, least: number, most: number) => fromZero(least, most) } : {},
    },
    legend: { show: series.length > 1 },
    axes: [
      {
        ...axis,
        ...(xName !== undefined && { label: xName }),
        ...(labels && { splits: () => x, values: (_: uPlot, at: number[]) => at.map((i) => labels[i] ?? "") }),
        ...(!labels && !isTime && isWhole && { incrs: whole }),
      },
      { ...axis, ...(yName !== undefined && { label: yName }), size: 64 },
    ],
    series: [
      {},
      ...series.map(({ name }, i) => ({
        label: name,
        ...styleOf(mark, color(palette[i % palette.length]!), x.length),
      })),
    ],
  };
}

function styleOf(mark: Mark, stroke: string, count: number): uPlot.Series {
  const fill = stroke.replace(/^rgb\((.*)\)$/, "rgba($1, 0.25)");
  switch (mark) {
    case "line":
      return { stroke, width: 1.6, points: { show: count < 60, size: 5 }, spanGaps: true };
    case "area":
      return { stroke, fill, width: 1.6, points: { show: false }, spanGaps: true };
    case "point":
      return { stroke, paths: () => null, points: { show: true, size: 6, fill: stroke } };
    case "bar":
      return { stroke, fill, width: 1, paths: uPlot.paths.bars!({ size: [0.7, 80] }), points: { show: false } };
  }
}

const fromZero = (least: number, most: number): [number, number] => [
  Math.min(0, least * 1.05),
  Math.max(0, most * 1.05) || 1,
];

/** A canvas knows no variables, nor pairs of colors. */
function resolved(element: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
