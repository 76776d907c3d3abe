/** Who did what when: a row for each agent's slot, a bar for each attempt. */
import { useMemo, useState } from "react";
import { formatDuration } from "../../src/model/duration.ts";
import { Empty } from "../parts/facts.tsx";
import { go } from "../route.ts";
import { isOver, type Span, type Story, type Told } from "./story.ts";

/** `count`: of the attempts that it stands for; `told` is the first one's task. */
type Bar = Span & { told: Told; count: number };
type Lane = { agent: string; bars: Bar[] };

const laneHeight = 22;
/** A lane that is not enlarged has at least twice as many pixels: what is nearer than one of these parts is one bar. */
const parts = 500;

export function Timeline({ story, count, now }: { story: Story; count: number; now: number }) {
  const end = isOver(story.run) ? (story.run.endedAt ?? now) : now;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the count grows with the story
  const all = useMemo(() => lanesOf(story, end), [story, count, Math.floor(end / 1_000)]);
  const [zoom, setZoom] = useState(1);
  const start = story.run.startedAt ?? story.run.createdAt;
  const length = Math.max(1, end - start);
  const lanes = useMemo(() => all.map((lane) => joined(lane, length / parts / zoom, end)), [all, length, zoom, end]);
  if (lanes.length === 0) return <Empty>No agent has begun with a task of this run yet.</Empty>;
  const height = lanes.length * laneHeight + 24;
  return (
    <section>
      <div className="tools">
        <span className="faint">
          {formatDuration(length)}, {lanes.length} {lanes.length === 1 ? "lane" : "lanes"}
        </span>
        <span className="grow" />
        <button type="button" onClick={() => setZoom(Math.max(1, zoom / 2))} disabled={zoom === 1} aria-label="Shorter">
          −
        </button>
        <button type="button" onClick={() => setZoom(Math.min(64, zoom * 2))} aria-label="Longer">
          +
        </button>
      </div>
      <div className="timeline">
        <div className="agents">
          {lanes.map(({ agent }, i) => (
            <div key={i} title={agent}>
              {lanes[i - 1]?.agent === agent ? "" : agent}
            </div>
          ))}
        </div>
        <div className="lanes" tabIndex={0}>
          <svg
            width={`${zoom * 100}%`}
            height={height}
            role="img"
            aria-label="A timeline of attempts by agent; the list of tasks has the same as text"
          >
            {ticks(length).map((at) => (
              <g key={at}>
                <line
                  className="tick"
                  x1={`${(at / length) * 100}%`}
                  x2={`${(at / length) * 100}%`}
                  y1="0"
                  y2={height - 18}
                />
                <text className="tick" x={`${(at / length) * 100}%`} dx="3" y={height - 6}>
                  {formatDuration(at)}
                </text>
              </g>
            ))}
            {lanes.map(({ bars }, lane) =>
              bars.map(({ from, to = end, outcome, told, count }) => (
                <rect
                  key={`${told.id} ${from}`}
                  className={`bar ${outcome}`}
                  x={`${((from - start) / length) * 100}%`}
                  width={`${Math.max(0.08 / zoom, ((to - from) / length) * 100)}%`}
                  y={lane * laneHeight + 3}
                  height={laneHeight - 6}
                  rx="2"
                  onClick={() => go({ view: "task", id: told.id, tab: "overview" })}
                >
                  <title>{`${told.path}${count > 1 ? ` and ${count - 1} more` : ""}\n${outcome} · ${formatDuration(to - from)}`}</title>
                </rect>
              )),
            )}
          </svg>
        </div>
      </div>
    </section>
  );
}

/** Attempts of one agent that ran at the same time lie below each other. */
function lanesOf(story: Story, end: number): Lane[] {
  const all: Bar[] = [...story.tasks.values()].flatMap((told) =>
    told.spans.map((span) => ({ ...span, told, count: 1 })),
  );
  const byAgent = Map.groupBy(
    all.sort((a, b) => a.from - b.from),
    ({ agent }) => agent,
  );
  return [...byAgent].flatMap(([agent, bars]) => {
    const own: Lane[] = [];
    for (const bar of bars) {
      const free = own.find(({ bars }) => (bars.at(-1)!.to ?? end) <= bar.from);
      if (free) free.bars.push(bar);
      else own.push({ agent, bars: [bar] });
    }
    return own;
  });
}

/** Neighbours of one outcome that an eye cannot tell apart, both shorter than `ms`, are one bar. */
function joined({ agent, bars }: Lane, ms: number, end: number): Lane {
  const kept: Bar[] = [];
  for (const bar of bars) {
    const last = kept.at(-1);
    const to = bar.to ?? end;
    const isNear = last?.to !== undefined && last.outcome === bar.outcome && bar.from - last.to < ms;
    if (isNear && to - bar.from < ms && last.to! - last.from < ms)
      kept[kept.length - 1] = { ...last, to, count: last.count + bar.count };
    else kept.push(bar);
  }
  return { agent, bars: kept };
}

/** Five to ten round times. */
function ticks(length: number): number[] {
  const power = 10 ** Math.floor(Math.log10(length / 5));
  const step = [1, 2, 5, 10].map((by) => by * power).find((by) => length / by <= 8)!;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, i) => i * step);
}
