import { sentence } from "../../src/cli/view/text.ts";
import { cacheAgent } from "../../src/model/cache.ts";
import { formatDuration } from "../../src/model/duration.ts";
import { rootOf } from "../../src/model/identity.ts";
import { type Attempt, ended, type Task } from "../../src/model/task.ts";
import { hub } from "../hub/ask.ts";
import { useAsked } from "../hub/use.ts";
import { Facts } from "../parts/facts.tsx";
import { Link, toTask } from "../parts/link.tsx";
import { Status } from "../parts/status.tsx";
import { Ago, clock } from "../parts/time.tsx";
import { StoredValue, Value } from "../parts/value.tsx";
import { useFlow, Ways } from "./flow.tsx";

export function Overview({ task, now }: { task: Task; now: number }) {
  const { id, options } = task;
  const attempts = useAsked(
    `attempts ${id}`,
    () => hub.tasks.attempts(id),
    (event) => event.task === id,
  );
  const cache = useAsked(
    `cache ${id}`,
    () => hub.cache.why(id),
    (event) => event.task === id,
  );
  const configuration = useAsked(
    `configuration ${id}`,
    () => hub.tasks.configuration(id),
    (event) => event.task === id,
  );
  const from = useAsked(`provenance ${rootOf(id)}`, () => hub.provenance.of(rootOf(id)));
  const git = from.value?.git;
  const flow = useFlow(task);
  return (
    <div className="columns">
      <section className="panel">
        <h2>Parameters</h2>
        <StoredValue of={task.input} none="It takes none." />
        <Ways of={flow.from} words="In the graph it comes from" />
        <h2>Output</h2>
        <StoredValue
          of={task.output}
          none={
            !ended(task.status)
              ? "There is none yet."
              : task.status === "completed"
                ? "It gives nothing."
                : "There is none."
          }
        />
        <Ways of={flow.into} words="In the graph it goes to" />
        {configuration.value?.map((object) => (
          <div key={object.name}>
            <h2>Configuration: {object.name}</h2>
            {object.description && <p className="faint">{object.description}</p>}
            {"text" in object ? <pre>{object.text}</pre> : <Value of={object.json} isOpen />}
          </div>
        ))}
      </section>
      <section className="panel">
        <h2>About</h2>
        <Facts
          of={[
            ["id", <code key="id">{id}</code>],
            ["name", task.name],
            ["type", options.type],
            ["project", options.project ?? task.project],
            ["tags", options.tags?.join(", ")],
            ["queue", options.queue],
            ["clone of", task.parent && <Link to={toTask(task.parent)}>{task.parent}</Link>],
            ["comment", task.comment],
            ["made", <Ago key="made" at={task.createdAt} now={Math.max(now, task.createdAt)} />],
            [
              "progress",
              task.progress !== undefined && task.status === "running" && <progress value={task.progress} />,
            ],
            ["cache", cache.value && cacheWords(cache.value)],
            [
              "sources",
              git &&
                `${git.branch ?? "detached"} ${git.commit.slice(0, 10)}${git.diff ? ", with changes that are not committed" : ""}`,
            ],
            ["made with", from.value && `Node ${from.value.node}, ${from.value.platform}`],
          ]}
        />
        <h2>Attempts</h2>
        {attempts.value?.length === 0 && <p className="faint">None was made yet.</p>}
        <ol className="attempts">
          {attempts.value?.map((attempt) => (
            <AttemptLine key={attempt.number} of={attempt} now={now} />
          ))}
        </ol>
      </section>
    </div>
  );
}

const AttemptLine = ({
  of: { number, outcome, agent, startedAt, endedAt, failure },
  now,
}: {
  of: Attempt;
  now: number;
}) => (
  <li value={number}>
    <Status of={outcome === "lost" ? "aborted" : outcome} /> {outcome === "lost" && "lost, "}
    {agent === cacheAgent ? "from the cache" : `on ${agent}`} at {clock(startedAt, now)}
    {endedAt !== undefined && `, ${formatDuration(endedAt - startedAt)}`}
    {failure && <div className="bad">{sentence(failure)}</div>}
  </li>
);

function cacheWords(why: NonNullable<Awaited<ReturnType<typeof hub.cache.why>>>) {
  if (why.outcome === "hit")
    return (
      <>
        taken from <Link to={toTask(why.from)}>{why.from}</Link>
      </>
    );
  switch (why.reason) {
    case "first":
      return "it ran: nothing like it was there";
    case "refresh":
      return "it ran, as it was told to";
    case "expired":
      return "it ran: what was there was too old";
    case "changed":
      return (
        <>
          it ran: {why.differs.join(", ")} differs from <Link to={toTask(why.nearest)}>{why.nearest}</Link>
        </>
      );
  }
}
