/**
 * The graph of a run, as the terminal and the docs draw it, with what happened put on it as it happens. One turn of a loop can be looked at by itself; what is chosen
 * is told beside.
 */
import { useMemo, useState } from "react";
import { withSeen } from "../../src/cli/graph/of-run.ts";
import { shapesOf } from "../../src/cli/graph/picture.ts";
import { Chosen } from "./chosen.tsx";
import { Drawing } from "./drawing.tsx";
import { Look } from "./look.ts";
import type { Sheet } from "./sheet.ts";
import type { Story } from "./story.ts";
import type { Turns } from "./turns.ts";

type GraphProps = { story: Story; count: number; now: number; sheet: Sheet };

export function GraphView({ story, count, now, sheet: { drawn, laid } }: GraphProps) {
  const [turns, setTurns] = useState<Turns>({});
  const [chosen, choose] = useState<string>();
  const whole = useMemo(() => new Look(story, {}), [story]);
  const look = useMemo(() => (Object.keys(turns).length === 0 ? whole : new Look(story, turns)), [whole, story, turns]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the count grows with the story
  const { shapes, loops, progressOf } = useMemo(() => {
    const { shapes } = withSeen(drawn, story.run, look.goOn().seen, Date.now());
    return {
      shapes: new Map([...shapesOf(shapes)].map((shape) => [shape.id, shape])),
      loops: whole.goOn().turns(),
      progressOf: look.progress(),
    };
  }, [drawn, story, count, whole, look, Math.floor(now / 1_000)]);
  const shape = chosen === undefined ? undefined : shapes.get(chosen);
  if (drawn.shapes.length === 0)
    return <p className="empty">This pipeline starts no steps: there is nothing to draw.</p>;
  return (
    <div className={`graph ${shape ? "with-chosen" : ""}`}>
      <Drawing {...{ laid, shapes, loops, progressOf, turns, setTurns, chosen, choose }} />
      {shape && (
        <Chosen
          {...{ shape, story, now }}
          tasks={look.tasksOf(shape)}
          decisions={look.decisionsOf(shape)}
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
