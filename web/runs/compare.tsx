/** Two runs, or two tasks, side by side: what they were given, what they measured, what they came to; what differs stands out. */

import { formatNumber, sentence } from "../../src/cli/view/text.ts";
import { formatDuration } from "../../src/model/duration.ts";
import { ended, type Task, type TaskId } from "../../src/model/task.ts";
import { hub } from "../hub/ask.ts";
import { useAsked } from "../hub/use.ts";
import { brief, leaves, storedValue } from "../hub/values.ts";
import { Empty, Trouble } from "../parts/facts.tsx";
import { Link, toTaskOrRun } from "../parts/link.tsx";
import { Status } from "../parts/status.tsx";

type Side = {
  task: Task;
  parts: Record<"params" | "metrics" | "result", Map<string, string>>;
  steps: Map<string, Task>;
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
  const paths = [...new Set(sides.flatMap(({ steps }) => [...steps.keys()]))];
  const different = paths.filter((path) => wordsOf(sides[0].steps.get(path)) !== wordsOf(sides[1].steps.get(path)));
  return (
    <>
      <h1>Two compared</h1>
      <table className="compare">
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
        <Line name="took" of={sides.map(({ task }) => lasting(task))} />
        {(["params", "metrics", "result"] as const).map((part) => (
          <Part key={part} name={part} of={sides.map(({ parts }) => parts[part])} />
        ))}
        {paths.length > 0 && (
          <tbody>
            <tr>
              <th colSpan={3} scope="colgroup">
                tasks
              </th>
            </tr>
            {different.slice(0, 200).map((path) => (
              <tr key={path} className="differs">
                <th scope="row">{path}</th>
                {sides.map(({ task, steps }) => (
                  <td key={task.id}>{wordsOf(steps.get(path))}</td>
                ))}
              </tr>
            ))}
            <tr>
              <td colSpan={3} className="faint">
                {paths.length - different.length} tasks of the two went the same way.
              </td>
            </tr>
          </tbody>
        )}
      </table>
    </>
  );
}

function Part({ name, of }: { name: string; of: Map<string, string>[] }) {
  const names = [...new Set(of.flatMap((side) => [...side.keys()]))];
  if (names.length === 0) return null;
  return (
    <tbody>
      <tr>
        <th colSpan={3} scope="colgroup">
          {name}
        </th>
      </tr>
      {names.map((one) => (
        <tr key={one} className={of[0]?.get(one) === of[1]?.get(one) ? undefined : "differs"}>
          <th scope="row">{one}</th>
          {of.map((side, i) => (
            <td key={i}>{side.get(one) ?? <span className="faint">not there</span>}</td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

const Line = ({ name, of }: { name: string; of: string[] }) => (
  <tbody>
    <tr>
      <th scope="row">{name}</th>
      {of.map((text, i) => (
        <td key={i}>{text}</td>
      ))}
    </tr>
  </tbody>
);

async function sideOf(id: TaskId): Promise<Side> {
  const task = await hub.tasks.get(id);
  if (task === undefined) throw new Error(`there is no task ${id} (any more)`);
  const isRun = task.code.kind === "controller";
  const [params, result, metrics, steps] = await Promise.all([
    storedValue(task.input),
    storedValue(task.output),
    hub.metrics.summaries(id),
    isRun ? hub.tasks.list({ run: id, limit: 5_000 }) : [],
  ]);
  return {
    task,
    parts: {
      params: textsOf(params),
      metrics: new Map(metrics.map(({ title, series, last }) => [`${title}/${series}`, formatNumber(last)])),
      result: textsOf(result),
    },
    steps: new Map(steps.filter((step) => step.id !== id).map((step) => [step.id.slice(id.length + 1), step])),
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

const wordsOf = (task: Task | undefined): string =>
  task === undefined
    ? "not started"
    : [task.status, task.attempt > 1 ? `attempt ${task.attempt}` : "", task.failure?.message]
        .filter(Boolean)
        .join(" · ");

const lasting = ({ startedAt, endedAt, status }: Task): string =>
  startedAt === undefined
    ? "not started"
    : endedAt === undefined || !ended(status)
      ? "still running"
      : formatDuration(endedAt - startedAt);
