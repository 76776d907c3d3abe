/** What is chosen in the graph: its tasks, the values that came and went, what was decided. */
import type { ReactNode } from "react";
import type { Shape } from "../../src/cli/graph/picture.ts";
import { formatNumber, plural, sentence } from "../../src/cli/view/text.ts";
import { rootOf } from "../../src/model/identity.ts";
import { hub } from "../hub/ask.ts";
import { useAsked } from "../hub/use.ts";
import { Facts } from "../parts/facts.tsx";
import { Link, toRun, toTask } from "../parts/link.tsx";
import { Status } from "../parts/status.tsx";
import { clock, took } from "../parts/time.tsx";
import { StoredValue } from "../parts/value.tsx";
import { type Decision, isOver, type Story, type Told } from "./story.ts";

type ChosenProps = {
  shape: Shape;
  story: Story;
  now: number;
  tasks: readonly Told[];
  decisions: readonly Decision[];
  sources: { shape: Shape | undefined; label?: string | undefined }[];
  readers: { shape: Shape | undefined }[];
  close(): void;
  choose(id: string): void;
};

const shownTasks = 12;
const shownDecisions = 30;

export function Chosen({ shape, story, now, tasks, decisions, sources, readers, close, choose }: ChosenProps) {
  const last = tasks.at(-1);
  return (
    <aside
      className="chosen"
      aria-label={`About ${shape.label}`}
      onKeyDown={({ key }) => {
        if (key === "Escape") close();
      }}
    >
      <div className="head">
        <h2>{shape.label}</h2>
        <span className="grow" />
        <button type="button" className="quiet" onClick={close} aria-label="Close">
          ✕
        </button>
      </div>
      <Facts
        of={[
          ["what", shape.template],
          ["where", shape.at && <code>{shape.at.replace(/:\d+$/, "")}</code>],
          [
            "so far",
            shape.fate && `${shape.fate.status === "skipped" ? "" : `${shape.fate.status} · `}${shape.fate.words}`,
          ],
          ["takes from", chain(sources, choose)],
          ["goes to", chain(readers, choose)],
        ]}
      />
      {shape.kind === "step" && shape.path !== undefined && last && isOver(story.run) && isRoot(story.run.id) && (
        <Link className="button" to={{ view: "start", from: story.run.id, step: withoutMarks(shape.path) }}>
          Run again from here
        </Link>
      )}
      {decisions.length > 0 && (
        <section>
          <h3>Decided</h3>
          <ol className="decisions">
            {decisions.slice(-shownDecisions).map(({ at, path, explanation }) => (
              <li key={`${path} ${at}`}>
                <small>{clock(at, now)}</small> {explanation}
              </li>
            ))}
          </ol>
        </section>
      )}
      {last && <Latest told={last} now={now} />}
      {tasks.length > 1 && (
        <section>
          <h3>{plural(tasks.length, "task")}</h3>
          <ul className="tasks">
            {tasks
              .slice(-shownTasks)
              .reverse()
              .map((told) => (
                <li key={told.id}>
                  <Status of={told.status} bare /> <Link to={toTask(told.id)}>{told.path}</Link>
                  <span className="grow" />
                  <small>{took(told, now)}</small>
                </li>
              ))}
          </ul>
          {tasks.length > shownTasks && (
            <Link to={{ view: "run", id: story.run.id, tab: "table" }}>All {tasks.length}, as a table</Link>
          )}
        </section>
      )}
      {tasks.length === 0 && decisions.length === 0 && shape.kind === "step" && (
        <p className="faint">It has not been started.</p>
      )}
    </aside>
  );
}

const isRoot = (run: string): boolean => rootOf(run) === run;

/** `loop1[]/fit`, `twice#/inc` → `loop1/fit`, `twice/inc`: all its calls. */
const withoutMarks = (path: string): string => path.replace(/(\[\]|#)(?=\/|$)/g, "");

function chain(
  of: { shape: Shape | undefined; label?: string | undefined }[],
  choose: (id: string) => void,
): ReactNode {
  const there = of.filter(({ shape }) => shape !== undefined);
  if (there.length === 0) return undefined;
  return there.map(({ shape, label }, i) => (
    <span key={i}>
      {i > 0 && ", "}
      <button type="button" className="link" onClick={() => choose(shape!.id)}>
        {shape!.label}
      </button>
      {label && <span className="faint"> ({label})</span>}
    </span>
  ));
}

/** The latest of its tasks, with the values that passed. */
function Latest({ told, now }: { told: Told; now: number }) {
  const task = useAsked(
    `chosen ${told.id}`,
    () => hub.tasks.get(told.id),
    (event) => event.task === told.id,
  );
  const scalars = [...told.scalars].map(([name, value]) => `${name} ${formatNumber(value)}`).join(" · ");
  return (
    <section>
      <h3>
        <Link to={toTask(told.id)}>{told.path}</Link> <Status of={told.unserved ? "unserved" : told.status} />
      </h3>
      <Facts
        of={[
          ["took", took(told, now)],
          ["attempts", told.attempt > 1 && told.attempt],
          ["agent", told.spans.at(-1)?.agent],
          ["cached from", told.cachedFrom && <Link to={toTask(told.cachedFrom)}>{told.cachedFrom}</Link>],
          ["measured", scalars],
          [
            "error",
            told.failure && told.status !== "completed" && <span className="bad">{sentence(told.failure)}</span>,
          ],
          ["as a run", task.value?.code.kind === "controller" && <Link to={toRun(told.id)}>open its graph</Link>],
        ]}
      />
      <h4>Took</h4>
      <StoredValue of={task.value?.input} />
      <h4>Gave</h4>
      <StoredValue of={task.value?.output} none={told.status === "completed" ? "nothing" : "nothing yet"} />
    </section>
  );
}
