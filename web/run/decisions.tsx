/** Each decision of a run in words, in the order in which they were made; and what has just happened. */
import { describeEvent } from "../parts/event-words.ts";
import { Empty } from "../parts/facts.tsx";
import { Link, pathIn, toTask } from "../parts/link.tsx";
import { Rows } from "../parts/rows.tsx";
import { clock } from "../parts/time.tsx";
import { isOver, type Story } from "./story.ts";

export function Decisions({ story, now }: { story: Story; count: number; now: number }) {
  const { decisions, events } = story;
  const latest = events
    .slice(-500)
    .filter(({ kind }) => kind !== "decision" && kind !== "scalar" && kind !== "progress");
  return (
    <div className="columns">
      <section className="panel">
        <h2>Decisions</h2>
        {decisions.length === 0 ? (
          <Empty>
            {isOver(story.run)
              ? "Nothing was decided: the body has neither branches nor loops that start something."
              : "Nothing was decided yet."}
          </Empty>
        ) : (
          <Rows
            of={decisions}
            height={30}
            label="Decisions, the latest first"
            className="wrapping"
            draw={(_, i) => {
              const { at, path, explanation } = decisions[decisions.length - 1 - i]!;
              return (
                <div className="line">
                  <small>{clock(at, now)}</small> <code className="faint">{path}</code> <span>{explanation}</span>
                </div>
              );
            }}
          />
        )}
      </section>
      <section className="panel">
        <h2>Events</h2>
        <Rows
          of={latest}
          height={30}
          label="Events, the latest first"
          draw={(_, i) => {
            const event = latest[latest.length - 1 - i]!;
            return (
              <div className="line">
                <small>{clock(event.at, now)}</small> <Link to={toTask(event.task)}>{pathIn(event.task)}</Link>{" "}
                <span>{describeEvent(event)}</span>
              </div>
            );
          }}
        />
      </section>
    </div>
  );
}
