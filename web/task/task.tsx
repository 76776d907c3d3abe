/** A task: what it took and gave, what it said, measured and made, how often it was tried. */
import { plural, sentence } from "../../src/cli/view/text.ts";
import { callsOf, rootOf } from "../../src/model/identity.ts";
import { withoutAttempt } from "../../src/model/rerun.ts";
import { ended, type Task, type TaskId } from "../../src/model/task.ts";
import { hub } from "../hub/ask.ts";
import { taskOf } from "../hub/task.ts";
import { useAsked, useNow } from "../hub/use.ts";
import { Act } from "../parts/act.tsx";
import { Empty, Trouble } from "../parts/facts.tsx";
import { Link, pathIn, toRun } from "../parts/link.tsx";
import { Status } from "../parts/status.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { took } from "../parts/time.tsx";
import { type TaskTab, taskTabs } from "../route.ts";
import { Artifacts } from "./artifacts.tsx";
import { Console } from "./console.tsx";
import { TaskEvents } from "./events.tsx";
import { Metrics } from "./metrics.tsx";
import { Overview } from "./overview.tsx";
import { Source } from "./source.tsx";
import "./task.css";

export default function TaskView({ id, tab }: { id: TaskId; tab: TaskTab }) {
  const { value: task, error } = useAsked(
    `task ${id}`,
    () => taskOf(id),
    (event) => event.task === id,
  );
  const now = useNow(task !== undefined && !ended(task.status));
  if (error) return <Trouble error={error} />;
  if (task === undefined) return <Empty>…</Empty>;
  return (
    <>
      <Head task={task} now={now} />
      <Tabs
        label="Parts of the task"
        of={taskTabs.map((name) => ({ name, to: { view: "task", id, tab: name }, current: name === tab }))}
      />
      <Body task={task} tab={tab} now={now} />
    </>
  );
}

function Body({ task, tab, now }: { task: Task; tab: TaskTab; now: number }) {
  switch (tab) {
    case "overview":
      return <Overview task={task} now={now} />;
    case "console":
      return <Console key={task.id} task={task.id} />;
    case "metrics":
      return <Metrics task={task} />;
    case "artifacts":
      return <Artifacts task={task} />;
    case "source":
      return <Source task={task} />;
    case "events":
      return <TaskEvents task={task} now={now} />;
  }
}

function Head({ task, now }: { task: Task; now: number }) {
  const { id, name, status, attempt, failure, code } = task;
  const isRun = code.kind === "controller";
  const around = callsOf(id).slice(0, -1);
  return (
    <header className="about">
      {around.length > 0 && (
        <nav className="crumbs" aria-label="It runs for">
          {around.map((call, i) => (
            <span key={call}>
              <Link to={toRun(around.slice(0, i + 1).join("/"))}>{call}</Link> /{" "}
            </span>
          ))}
        </nav>
      )}
      <div className="head">
        <h1>{rootOf(id) === id ? name : pathIn(id)}</h1>
        <Status of={status} />
        <span className="faint">
          {[name, took(task, now), attempt > 1 ? plural(attempt, "attempt") : ""].filter(Boolean).join(" · ")}
        </span>
        <span className="grow" />
        {isRun && (
          <Link className="button" to={toRun(id)}>
            Open as a run
          </Link>
        )}
        {around.length > 0 && ended(status) && (
          <Link className="button" to={{ view: "start", from: rootOf(id), step: withoutAttempt(pathIn(id)) }}>
            Run again from here
          </Link>
        )}
        {!ended(status) && status !== "draft" && (
          <Act kind="danger" do={() => hub.tasks.abort(id, "aborted on the page")} sure={`Abort ${id}?`}>
            Abort
          </Act>
        )}
        {(status === "failed" || status === "aborted") && rootOf(id) === id && (
          <Act do={() => hub.tasks.enqueue(id)}>Try again</Act>
        )}
        {status === "draft" && <Act do={() => hub.tasks.enqueue(id)}>Enqueue</Act>}
      </div>
      {failure && status !== "completed" && (
        <div className="trouble" role="alert">
          <strong>{sentence(failure)}</strong>
          {failure.at && <code> at {failure.at}</code>}
          {failure.stack && <pre>{failure.stack}</pre>}
        </div>
      )}
    </header>
  );
}
