/** Two runs, or two tasks, side by side: what they were given, what they measured, what they came to; what differs stands out. */

import type { ValueChange } from "../../src/cli/changes.ts";
import { type ChangedCall, compareRuns } from "../../src/cli/compare-runs.ts";
import { formatNumber, plural, sentence } from "../../src/cli/view/text.ts";
import { formatDuration } from "../../src/model/duration.ts";
import { ended, type Task, type TaskId } from "../../src/model/task.ts";
import { hub } from "../hub/ask.ts";
import { taskOf } from "../hub/task.ts";
import { useAsked } from "../hub/use.ts";
import { brief, leaves, storedValue } from "../hub/values.ts";
import { Empty, Trouble } from "../parts/facts.tsx";
import { Link, toTaskOrRun } from "../parts/link.tsx";
import { Status } from "../parts/status.tsx";

type Side = {
  task: Task;
  parts: Record<"params" | "metrics" | "result", Map<string, string>>;
};

export default function Compare({ a, b }: { a: TaskId; b: TaskId }) {
  const left = useAsked(
    `side ${a}`,
    () => sideOf(a),
    ({ task }) => task === a,
  );
  const right = useAsked(
    `side ${b}`,
    () => sideOf(b),
    ({ task }) => task === b,
  );
  const error = left.error ?? right.error;
  if (error) return <Trouble error={error} />;
  if (!left.value || !right.value) return <Empty>…</Empty>;
  const sides = [left.value, right.value] as const;
  const areRuns = sides.every(({ task }) => task.code.kind === "controller");
  return (
    <>
      <h1>Two compared</h1>
      <table className="compare" aria-label="Two compared">
        <thead>
          <tr>
            <td />
            {sides.map(({ task }) => (
              <th key={task.id} scope="col">
                <Link to={toTaskOrRun(task)}>{task.id}</Link> <Status of={task.status} />
                {task.failure && <div className="bad">{sentence(task.failure)}</div>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Line name="took" of={sides.map(({ task }) => lasting(task))} />
        </tbody>
        {(["params", "metrics", "result"] as const).map((part) => (
          <Part key={part} name={part} of={sides.map(({ parts }) => parts[part])} />
        ))}
        {areRuns && <Ways before={left.value.task} after={right.value.task} />}
      </table>
    </>
  );
}

function Part({ name, of }: { name: string; of: Map<string, string>[] }) {
  const names = [...new Set(of.flatMap((side) => [...side.keys()]))];
  if (names.length === 0) return null;
  return (
    <tbody>
      <Section name={name} />
      {names.map((one) => (
        <Line key={one} name={one} of={of.map((side) => side.get(one))} isMarked />
      ))}
    </tbody>
  );
}

const shownLines = 200;

/** Where the two went apart, as `reprise diff` tells it: sources, code, calls, decisions. */
function Ways({ before, after }: { before: Task; after: Task }) {
  const { value: compared, error } = useAsked(`ways ${before.id} ${after.id}`, () =>
    compareRuns({ ...hub, read: storedValue, words: (value) => brief(value, 120) }, before, after),
  );
  if (error)
    return (
      <tbody>
        <tr>
          <td colSpan={3}>
            <Trouble error={error} />
          </td>
        </tr>
      </tbody>
    );
  if (compared === undefined)
    return (
      <tbody>
        <Section name="…" />
      </tbody>
    );
  const { code, calls, decisions, provenance } = compared;
  const { only } = calls;
  const commits = [provenance.before, provenance.after].map((from) => from?.git?.commit.slice(0, 12));
  return (
    <tbody>
      {commits.some((commit) => commit !== undefined) && (
        <>
          <Section name="sources" />
          <Line name="commit" of={commits} isMarked />
        </>
      )}
      {code.length > 0 && <Section name="code" />}
      {code.slice(0, shownLines).map((words) => (
        <tr key={words}>
          <td colSpan={3}>{words}</td>
        </tr>
      ))}
      {decisions.length > 0 && <Section name="decisions that went another way" />}
      {decisions.slice(0, shownLines).map(({ path, before, after }) => (
        <Line key={path} name={path} of={[before, after]} isMarked />
      ))}
      <Section name={`calls (${plural(calls.same, "call")} the same)`} />
      {calls.changed.slice(0, shownLines).map((call) => (
        <Line key={call.path} name={call.path} of={[wordsOf(call, "before"), wordsOf(call, "after")]} isMarked />
      ))}
      {only.before.slice(0, shownLines).map(({ path, step }) => (
        <Line key={path} name={path} of={[step, undefined]} isMarked />
      ))}
      {only.after.slice(0, shownLines).map(({ path, step }) => (
        <Line key={path} name={path} of={[undefined, step]} isMarked />
      ))}
      {[calls.changed, only.before, only.after].some(({ length }) => length > shownLines) && (
        <tr>
          <td colSpan={3} className="faint">
            Of each kind {shownLines} are shown; <code>reprise diff {`${before.id} ${after.id}`} --json</code> has all.
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** What it took and gave there, as far as that differs. */
function wordsOf({ status, input, output }: ChangedCall, side: "before" | "after"): string {
  const part = (name: string, changes: ValueChange[]) =>
    changes.map((change) => `${name} ${change.field ? `${change.field} ` : ""}${change[side] ?? "(none)"}`);
  return [...(status ? [status[side]] : []), ...part("took", input), ...part("gave", output)].join(" · ");
}

const Section = ({ name }: { name: string }) => (
  <tr>
    <th colSpan={3} scope="colgroup">
      {name}
    </th>
  </tr>
);

/** `isMarked`: where the two differ. */
function Line({ name, of, isMarked = false }: { name: string; of: (string | undefined)[]; isMarked?: boolean }) {
  return (
    <tr className={isMarked && of[0] !== of[1] ? "differs" : undefined}>
      <th scope="row">{name}</th>
      {of.map((text, i) => (
        <td key={i}>{text ?? <span className="faint">not there</span>}</td>
      ))}
    </tr>
  );
}

async function sideOf(id: TaskId): Promise<Side> {
  const task = await taskOf(id);
  const [params, result, metrics] = await Promise.all([
    storedValue(task.input),
    storedValue(task.output),
    hub.metrics.summaries(id),
  ]);
  return {
    task,
    parts: {
      params: textsOf(params),
      metrics: new Map(metrics.map(({ title, series, last }) => [`${title}/${series}`, formatNumber(last)])),
      result: textsOf(result),
    },
  };
}

function textsOf(value: unknown): Map<string, string> {
  const found = leaves(value);
  if (found.size === 0)
    return value === undefined || Object.keys(value ?? {}).length === 0
      ? new Map()
      : new Map([["value", brief(value, 300)]]);
  return new Map(
    [...found].map(([name, leaf]) => [name, typeof leaf === "number" ? formatNumber(leaf) : String(leaf)]),
  );
}

const lasting = ({ startedAt, endedAt, status }: Task): string =>
  startedAt === undefined
    ? "not started"
    : endedAt === undefined || !ended(status)
      ? "still running"
      : formatDuration(endedAt - startedAt);
