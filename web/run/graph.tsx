/**
 * The graph of a run, as the terminal and the docs draw it, with what happened put on it as it happens. One turn of a loop can be looked at by itself; what is chosen
 * is told beside.
 */
import { useMemo, useRef, useState } from "react";
import { drawnPath, marks, ofRun } from "../../src/cli/graph/of-run.ts";
import { type Picture, picture, type Shape, shapesOf } from "../../src/cli/graph/picture.ts";
import { layout } from "../../src/cli/graph/svg/layout.ts";
import type { Definition, Pipeline } from "../../src/model/pipeline.ts";
import { sourceName } from "../../src/model/print-expression.ts";
import { Chosen } from "./chosen.tsx";
import { Drawing } from "./drawing.tsx";
import { type Decision, isOver, type Story, type Told } from "./story.ts";
import { countTurns, isInTurns, type Turns } from "./turns.ts";

type GraphProps = { story: Story; count: number; now: number; pipeline: Pipeline; definition: Definition };

export function GraphView({ story, count, now, pipeline, definition }: GraphProps) {
  const drawn = useMemo(() => picture(pipeline, definition), [pipeline, definition]);
  const laid = useMemo(() => layout(withRoom(drawn)), [drawn]);
  const [turns, setTurns] = useState<Turns>({});
  const [chosen, choose] = useState<string>();
  const seen = useSeen(story, count, turns);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `seen` is another one whenever there is more to see
  const { shapes, loops } = useMemo(() => {
    const found = new Map<string, Shape>();
    const fated = ofRun(drawn, story.run, seen, Date.now());
    for (const shape of shapesOf(fated.shapes)) found.set(shape.id, shape);
    return { shapes: found, loops: countTurns(story.tasks.keys(), story.run.id) };
  }, [drawn, seen, Math.floor(now / 1_000)]);
  const shape = chosen === undefined ? undefined : shapes.get(chosen);
  if (drawn.shapes.length === 0)
    return <p className="empty">This pipeline starts no steps: there is nothing to draw.</p>;
  return (
    <div className={`graph ${shape ? "with-chosen" : ""}`}>
      <Drawing {...{ laid, shapes, loops, turns, setTurns, chosen, choose }} progressOf={progressOf(seen.tasks)} />
      {shape && (
        <Chosen
          {...{ shape, story, now }}
          tasks={seen.tasks.filter(({ path }) => drawnPath(path) === shape.path)}
          decisions={decisionsOf(shape, seen.decisions)}
          sources={drawn.edges
            .filter(({ to, kind }) => to === shape.id && kind === "data")
            .map(({ from, label }) => ({ shape: shapes.get(from), label }))}
          readers={drawn.edges
            .filter(({ from, kind }) => from === shape.id && kind === "data")
            .map(({ to }) => ({ shape: shapes.get(to) }))}
          close={() => {
            // Who came by keys is where he was.
            document.querySelector<SVGElement>(".picture .part.chosen, .picture .chosen > .title")?.focus();
            choose(undefined);
          }}
          choose={choose}
        />
      )}
    </div>
  );
}

type Seen = { tasks: Told[]; decisions: Decision[] };

/** What belongs to the turns that are looked at. Of very long runs it is gathered less often than events come. */
function useSeen(story: Story, count: number, turns: Turns): Seen {
  const last = useRef<{ seen: Seen; turns: Turns; at: number; cost: number; story: Story }>(undefined);
  const before = last.current;
  const at = performance.now();
  const isSame = before?.turns === turns && before.story === story;
  if (isSame && at - before.at < 8 * before.cost && !isOver(story.run)) return before.seen;
  void count;
  const within = ({ path }: { path: string }) => isInTurns(path, turns);
  const all = Object.keys(turns).length === 0;
  const tasks = [...story.tasks.values()];
  const seen = {
    tasks: all ? tasks : tasks.filter(within),
    decisions: all ? [...story.decisions] : story.decisions.filter(within),
  };
  last.current = { seen, turns, at, cost: performance.now() - at + tasks.length * 0.003, story };
  return seen;
}

/** Boxes keep their places when something happens to them: room is made for its words beforehand. */
function withRoom({ shapes, edges }: Picture): Picture {
  const roomy = (shape: Shape): Shape => {
    if (shape.kind === "group")
      return { ...shape, fate: { status: "waiting", words: "not taken" }, shapes: shape.shapes.map(roomy) };
    return shape.kind === "step"
      ? { ...shape, fate: { status: "waiting", words: `${marks.completed} 88 × · 88.8 s, last 8.8 s` } }
      : shape;
  };
  return { shapes: shapes.map(roomy), edges };
}

/** Of a step, of those tasks that run now. */
const progressOf = (tasks: readonly Told[]) => {
  const found = new Map<string, number>();
  for (const { path, status, progress } of tasks)
    if (status === "running" && progress !== undefined) found.set(drawnPath(path), progress);
  return found;
};

function decisionsOf({ path, id, kind }: Shape, decisions: readonly Decision[]): Decision[] {
  const bare = sourceName(id);
  return decisions
    .filter((decision) => {
      const drawn = drawnPath(decision.path.replace(/\[\d+\]$/, "[]"));
      if (decision.of === "loop")
        return (
          kind === "group" &&
          path !== undefined &&
          `${decision.path.replace(/\[\d+\]/g, "[]").replace(/#\d+/g, "#")}`.endsWith(path)
        );
      return drawn === path || drawn.split("/").at(-1) === bare;
    })
    .slice(-200);
}
