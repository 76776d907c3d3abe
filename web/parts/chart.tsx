/** Lines over a number. */
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export type Series = { name: string; values: (number | null)[] };

/** Between iterations there is nothing. */
const whole = [1, 2, 5]
  .flatMap((n) => [1, 10, 100, 1e3, 1e4, 1e5, 1e6].map((power) => n * power))
  .sort((a, b) => a - b);

const palette = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6"];

export default function Chart({ x, series, height }: { x: number[]; series: Series[]; height: number }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const shape = series.map(({ name }) => name).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew for other series; their points come below
  useEffect(() => {
    const element = place.current!;
    const color = (name: string) => resolved(element, name);
    const axis = {
      stroke: color("--faint"),
      grid: { stroke: color("--border"), width: 1 },
      ticks: { stroke: color("--border"), width: 1 },
    };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        scales: { x: { time: false } },
        legend: { show: series.length > 1 },
        axes: [
          { ...axis, incrs: whole },
          { ...axis, size: 64 },
        ],
        series: [
          {},
          ...series.map(({ name }, i) => ({
            label: name,
            stroke: color(palette[i % palette.length]!),
            width: 1.6,
            points: { show: x.length < 60, size: 5 },
            spanGaps: true,
          })),
        ],
      },
      [x, ...series.map(({ values }) => values)],
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [shape, height]);
  useEffect(() => plot.current?.setData([x, ...series.map(({ values }) => values)]));
  return (
    <div
      ref={place}
      className="chart"
      role="img"
      aria-label={`${series.map(({ name }) => name).join(", ")} as lines over ${x.length} points`}
    />
  );
}

/** A canvas knows no variables, nor pairs of colors. */
function resolved(element: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
