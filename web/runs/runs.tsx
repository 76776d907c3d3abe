/** All runs, as they are now: filtered, sorted, aborted, started again, two of them compared. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";
import { rootOf } from "../../src/model/identity.ts";
import { ended, type Task, type TaskStatus, taskStatuses } from "../../src/model/task.ts";
import type { TaskFilter } from "../../src/runtime/ports.ts";
import { hub } from "../hub/ask.ts";
import { useAsked, useNow } from "../hub/use.ts";
import { brief } from "../hub/values.ts";
import { Act } from "../parts/act.tsx";
import { Empty, Trouble } from "../parts/facts.tsx";
import { Link, toTaskOrRun } from "../parts/link.tsx";
import { Status } from "../parts/status.tsx";
import { Ago, took } from "../parts/time.tsx";
import { useValue } from "../parts/value.tsx";
import { go } from "../route.ts";

type Order = NonNullable<TaskFilter["order"]>;
const pageSize = 200;

export function Runs() {
  const [status, setStatus] = useState<TaskStatus | "">("");
  const [text, setText] = useState("");
  const [order, setOrder] = useState<Order>("-created");
  const [limit, setLimit] = useState(pageSize);
  const [chosen, setChosen] = useState<string[]>([]);
  const filter: TaskFilter = {
    ...{ topLevel: true, archived: false, order, limit },
    ...(status !== "" && { status }),
    ...filterOf(text),
  };
  const runs = useAsked(
    `runs ${JSON.stringify(filter)}`,
    () => hub.tasks.list(filter),
    ({ task }) => rootOf(task) === task,
  );
  const last = useRef<Task[]>([]);
  if (runs.value) last.current = runs.value;
  const shown = runs.value ?? last.current;
  const now = useNow(shown.some((run) => !ended(run.status)));
  const toggle = (id: string) =>
    setChosen((before) => (before.includes(id) ? before.filter((other) => other !== id) : [...before, id].slice(-2)));
  return (
    <>
      <div className="head">
        <h1>Runs</h1>
        <search className="tools">
          <input
            type="search"
            placeholder="name, id, tag:good, project:demo"
            aria-label="Filter by name, id, tag:… or project:…"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <select
            aria-label="Filter by status"
            value={status}
            onChange={(event) => setStatus(event.target.value as TaskStatus | "")}
          >
            <option value="">any status</option>
            {taskStatuses.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
          <select
            className="on-narrow"
            aria-label="Order"
            value={order}
            onChange={(event) => setOrder(event.target.value as Order)}
          >
            <option value="-created">latest first</option>
            <option value="created">earliest first</option>
            <option value="name">by name</option>
            <option value="status">by status</option>
          </select>
        </search>
        <span className="grow" />
        {chosen.length > 0 && (
          <button
            type="button"
            disabled={chosen.length < 2}
            onClick={() => go({ view: "compare", a: chosen[0]!, b: chosen[1]! })}
          >
            {chosen.length < 2 ? "Choose another to compare" : "Compare the two"}
          </button>
        )}
        <Link to={{ view: "start" }} className="button main">
          New run
        </Link>
      </div>
      {runs.error && <Trouble error={runs.error} />}
      {runs.value?.length === 0 ? (
        <None isFiltered={text !== "" || status !== ""} />
      ) : (
        <Table runs={shown} now={now} order={order} setOrder={setOrder} chosen={chosen} toggle={toggle} />
      )}
      {shown.length >= limit && (
        <p>
          <button type="button" onClick={() => setLimit(limit * 2)}>
            Show more
          </button>
        </p>
      )}
    </>
  );
}

/** `tag:good project:demo forest`: tags, a project, and what the id, name or comment holds. */
function filterOf(text: string): TaskFilter {
  const words = text.split(/\s+/).filter(Boolean);
  const tags = words.flatMap((word) => (word.startsWith("tag:") && word.length > 4 ? [word.slice(4)] : []));
  const project = words.find((word) => word.startsWith("project:"))?.slice(8);
  const rest = words.filter((word) => !/^(tag|project):/.test(word)).join(" ");
  return { ...(tags.length > 0 && { tags }), ...(project && { project }), ...(rest && { text: rest }) };
}

const None = ({ isFiltered }: { isFiltered: boolean }) =>
  isFiltered ? (
    <Empty>No run fits. Take a word out of the filter, or choose another status.</Empty>
  ) : (
    <Empty>
      Nothing has run here yet. Point the command line at this hub, and run a pipeline:
      <code className="block">REPRISE_STORE={location.origin} reprise run pipeline.ts --queue services</code>
    </Empty>
  );

const columns: { name: string; order?: "created" | "started" | "ended" | "name" | "status"; className: string }[] = [
  { name: "Status", order: "status", className: "status" },
  { name: "Run", order: "name", className: "name" },
  { name: "Params", className: "params" },
  { name: "Result", className: "result" },
  { name: "Took", className: "took" },
  { name: "Made", order: "created", className: "made" },
];

type TableProps = {
  runs: Task[];
  now: number;
  order: Order;
  setOrder(order: Order): void;
  chosen: string[];
  toggle(id: string): void;
};

function Table({ runs, now, order, setOrder, chosen, toggle }: TableProps) {
  const body = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: runs.length,
    getScrollElement: () => body.current,
    estimateSize: () => 53,
    overscan: 12,
    getItemKey: (i) => runs[i]!.id,
  });
  const isBy = (name: string) => order === name || order === `-${name}`;
  return (
    <div className="grid runs" role="table" aria-label="Runs" aria-rowcount={runs.length + 1}>
      <div className="row header" role="row">
        <span role="columnheader" className="choose">
          <span className="unseen">Choose</span>
        </span>
        {columns.map(({ name, order: by, className }) => (
          <span
            key={name}
            role="columnheader"
            className={className}
            aria-sort={by && isBy(by) ? (order.startsWith("-") ? "descending" : "ascending") : undefined}
          >
            {by === undefined ? (
              name
            ) : (
              <button type="button" className="sort" onClick={() => setOrder(order === `-${by}` ? by : `-${by}`)}>
                {name} {isBy(by) ? (order.startsWith("-") ? "↓" : "↑") : ""}
              </button>
            )}
          </span>
        ))}
        <span role="columnheader" className="acts">
          <span className="unseen">Actions</span>
        </span>
      </div>
      <div className="body" ref={body} role="rowgroup">
        <div style={{ height: rows.getTotalSize(), position: "relative" }} role="presentation">
          {rows.getVirtualItems().map(({ key, index, start }) => (
            <div
              key={key}
              data-index={index}
              ref={rows.measureElement}
              className="place"
              style={{ transform: `translateY(${start}px)` }}
              role="presentation"
            >
              <RunRow run={runs[index]!} now={now} isChosen={chosen.includes(runs[index]!.id)} toggle={toggle} />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

function RunRow({
  run,
  now,
  isChosen,
  toggle,
}: {
  run: Task;
  now: number;
  isChosen: boolean;
  toggle(id: string): void;
}) {
  const params = useValue(run.input);
  const result = useValue(run.output);
  const { tags = [], project } = run.options;
  const isRun = run.code.kind === "controller";
  return (
    <div className="row" role="row">
      <span role="cell" className="choose">
        <input
          type="checkbox"
          checked={isChosen}
          onChange={() => toggle(run.id)}
          aria-label={`Choose ${run.id} to compare`}
        />
      </span>
      <span role="cell" className="status">
        <Status of={run.status} />
      </span>
      <span role="cell" className="name">
        <Link to={toTaskOrRun(run)}>{run.name}</Link>
        <small>
          {run.id}
          {(project ?? run.project) && ` · ${project ?? run.project}`}
          {tags.map((tag) => (
            <span key={tag} className="tag">
              {tag}
            </span>
          ))}
        </small>
      </span>
      <span role="cell" className="params" title={params.isThere ? brief(params.value, 600) : ""}>
        {params.isThere && <code>{brief(params.value)}</code>}
      </span>
      <span role="cell" className="result">
        {run.failure ? (
          <span className="bad" title={run.failure.message}>
            {run.failure.name}: {run.failure.message}
          </span>
        ) : (
          result.isThere && <code title={brief(result.value, 600)}>{brief(result.value)}</code>
        )}
        {run.status === "running" && run.progress !== undefined && <progress value={run.progress} />}
      </span>
      <span role="cell" className="took">
        {took(run, now)}
      </span>
      <span role="cell" className="made">
        <Ago at={run.createdAt} now={Math.max(now, Date.now())} />
      </span>
      <span role="cell" className="acts">
        {!ended(run.status) && run.status !== "draft" && (
          <Act
            do={() =>
              isRun ? hub.runs.abort(run.id, "aborted on the page") : hub.tasks.abort(run.id, "aborted on the page")
            }
          >
            Abort
          </Act>
        )}
        {ended(run.status) && isRun && (
          <Link className="button" to={{ view: "start", from: run.id }}>
            Run again
          </Link>
        )}
      </span>
    </div>
  );
}
