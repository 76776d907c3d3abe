/** A run: its graph as it grows, its turns as a table, its agents' time, its tasks, what it decided. */
import { plural, sentence } from "../../src/cli/view/text.ts";
import { ended, type Task, type TaskId } from "../../src/model/task.ts";
import { hub } from "../hub/ask.ts";
import { outlineOf } from "../hub/outline.ts";
import { taskOf } from "../hub/task.ts";
import { useAsked, useNow } from "../hub/use.ts";
import { Act } from "../parts/act.tsx";
import { Empty, Trouble } from "../parts/facts.tsx";
import { Link, toTask } from "../parts/link.tsx";
import { Status } from "../parts/status.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { took } from "../parts/time.tsx";
import { StoredValue } from "../parts/value.tsx";
import { type RunTab, runTabs } from "../route.ts";
import { Decisions } from "./decisions.tsx";
import { GraphView } from "./graph.tsx";
import { type Sheet, sheetOf } from "./sheet.ts";
import { type Story, useStory } from "./story.ts";
import { TurnTable } from "./table.tsx";
import { TaskList } from "./tasks.tsx";
import { Timeline } from "./timeline.tsx";
import { Waits } from "./waits.tsx";
import "./run.css";

export default function Run({ id, tab }: { id: TaskId; tab: RunTab }) {
  const { story, count } = useStory(id);
  const task = useAsked(
    `run ${id}`,
    () => taskOf(id),
    (event) => event.task === id,
  );
  const code = task.value?.code;
  const hash = code?.kind === "controller" ? code.pipeline : undefined;
  const definition = code?.kind === "controller" ? code.definition : undefined;
  const sheet = useAsked(`sheet ${hash} ${definition}`, async () => {
    const outline = await outlineOf(task.value);
    return outline && sheetOf(outline, definition);
  });
  const now = useNow(task.value !== undefined && !ended(story.run.status));
  if (task.error) return <Trouble error={task.error} />;
  if (sheet.error) return <Trouble error={sheet.error} />;
  return (
    <>
      <Head story={story} task={task.value} now={now} />
      <Tabs
        label="Parts of the run"
        of={runTabs.map((name) => ({
          name,
          to: { view: "run", id, tab: name },
          current: name === tab,
        }))}
      />
      <Body {...{ tab, story, count, now }} sheet={sheet.value} task={task.value} />
    </>
  );
}

type BodyProps = {
  tab: RunTab;
  story: Story;
  count: number;
  now: number;
  sheet: Sheet | undefined;
  task: Task | undefined;
};

function Body({ tab, story, count, now, sheet, task }: BodyProps) {
  switch (tab) {
    case "graph":
      return sheet ? <GraphView {...{ story, count, now, sheet }} /> : <Empty>…</Empty>;
    case "table":
      return <TurnTable story={story} count={count} />;
    case "timeline":
      return <Timeline story={story} count={count} now={now} />;
    case "tasks":
      return <TaskList story={story} count={count} now={now} />;
    case "decisions":
      return <Decisions story={story} count={count} now={now} />;
    case "result":
      return <Result task={task} />;
  }
}

function Head({ story, task, now }: { story: Story; task: Task | undefined; now: number }) {
  const { run } = story;
  const { id, status, failure, reason } = run;
  const count = (wanted: string) => [...story.tasks.values()].filter((told) => told.status === wanted).length;
  const failed = count("failed");
  const unserved = [run, ...story.tasks.values()].find((told) => told.unserved && !ended(told.status));
  const failedStep = failure?.step === undefined ? undefined : `${id}/${failure.step}`;
  return (
    <header className="about">
      <div className="head">
        <h1>{task?.name ?? run.name}</h1>
        <Status of={unserved ? "unserved" : status} />
        <span className="faint">
          {[took(run, now), plural(story.tasks.size, "task"), failed > 0 ? `${failed} failed` : "", id]
            .filter(Boolean)
            .join(" · ")}
        </span>
        <span className="grow" />
        {!ended(status) && status !== "draft" && (
          <Act
            kind="danger"
            do={() => hub.runs.abort(id, "aborted on the page")}
            sure={`Abort ${id}, and all that runs for it?`}
          >
            Abort
          </Act>
        )}
        {task?.code.kind === "controller" && task.run === id && (
          <Link className="button" to={{ view: "start", from: id }}>
            Run again
          </Link>
        )}
        <Link className="button" to={toTask(id)}>
          Task
        </Link>
      </div>
      {failure && (
        <p className="trouble" role="alert">
          {failedStep && (
            <>
              <Link to={toTask(failedStep)}>{failure.step}</Link>:{" "}
            </>
          )}
          {sentence(failure)}
        </p>
      )}
      {status === "aborted" && reason && <p className="notice">{reason}</p>}
      {unserved && (
        <p className="trouble" role="alert">
          {unserved.path || "The run"} waits: no agent serves the queue {unserved.queue}. Start one:{" "}
          <code>
            REPRISE_STORE={location.origin} reprise agent --queue {unserved.queue}
          </code>
        </p>
      )}
      <Waits of={story.waits} now={now} />
    </header>
  );
}

const Result = ({ task }: { task: Task | undefined }) => (
  <div className="columns">
    <section className="panel">
      <h2>Params</h2>
      <StoredValue of={task?.input} none="It was started without params." />
    </section>
    <section className="panel">
      <h2>Result</h2>
      <StoredValue
        of={task?.output}
        none={task && ended(task.status) ? "It has no result." : "The run has not ended."}
      />
    </section>
  </div>
);
