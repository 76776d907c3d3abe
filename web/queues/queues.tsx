/** Queues, with what waits in each, and the agents that serve them; one that nobody serves stands out. */
import { useEffect, useState } from "react";
import { resourcesText } from "../../src/model/resources.ts";
import type { Agent } from "../../src/model/task.ts";
import type { QueueState } from "../../src/runtime/ports.ts";
import { hub } from "../hub/ask.ts";
import { followRoster } from "../hub/live.ts";
import { useAsked, useNow } from "../hub/use.ts";
import { Act } from "../parts/act.tsx";
import { Empty, Trouble } from "../parts/facts.tsx";
import { Link, toTask } from "../parts/link.tsx";
import { Status } from "../parts/status.tsx";
import { Ago } from "../parts/time.tsx";

export default function Queues() {
  const always = () => true;
  const queues = useAsked("queues", hub.queue.list, always);
  const running = useAsked("running", () => hub.tasks.list({ status: "running", limit: 500 }), always);
  const now = useNow(true);
  const agents = useRoster(now, queues.again);
  if (queues.error) return <Trouble error={queues.error} />;
  if (!queues.value || !agents) return <Empty>…</Empty>;
  return (
    <>
      <h1>Queues</h1>
      {queues.value.length === 0 && (
        <Empty>
          No queue is known yet: one comes to be when something waits in it, or an agent serves it.
          <code className="block">REPRISE_STORE={location.origin} reprise agent --queue default,services</code>
        </Empty>
      )}
      {queues.value.map((queue) => (
        <QueuePanel key={queue.name} queue={queue} now={now} again={queues.again} />
      ))}
      <h1>Agents</h1>
      {agents.length === 0 && (
        <Empty>
          No agent is there: what waits goes on waiting. Start one on any machine that reaches this hub:
          <code className="block">REPRISE_STORE={location.origin} reprise agent --queue default,services</code>
        </Empty>
      )}
      <ul className="cards agents">
        {agents.map((agent) => (
          <AgentCard key={agent.id} agent={agent} now={now} />
        ))}
      </ul>
      {running.value && running.value.length > 0 && (
        <section className="panel">
          <h2>Running now</h2>
          <ul className="tasks">
            {running.value.slice(0, 100).map((task) => (
              <li key={task.id}>
                <Status of={task.status} bare /> <Link to={toTask(task.id)}>{task.id}</Link>{" "}
                <span className="faint">{task.options.queue}</span>
                <span className="grow" />
                {task.progress !== undefined && <progress value={task.progress} />}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** Who serves, as it is told. `changed`: queues may be served that were not, or no more. */
function useRoster(now: number, changed: () => void): Agent[] | undefined {
  const [agents, setAgents] = useState<Agent[]>();
  useEffect(
    () =>
      followRoster((told) => {
        setAgents(told);
        changed();
      }),
    [changed],
  );
  // That a lease was renewed is not told: when it would be over is the time to ask.
  const isOver = agents?.some(({ leaseUntil }) => leaseUntil < now) ?? false;
  const asked = isOver ? Math.floor(now / askAgainMs) : undefined;
  useEffect(() => {
    if (asked !== undefined) void hub.queue.agents().then(setAgents, () => {});
  }, [asked]);
  return agents;
}

const askAgainMs = 5_000;

function QueuePanel({ queue, now, again }: { queue: QueueState; now: number; again(): void }) {
  const { name, paused, limit, waiting, running, oldestAt, agents } = queue;
  const isUnserved = agents.length === 0 && waiting > 0;
  const [isOpen, open] = useState(false);
  return (
    <section className={`panel queue ${isUnserved ? "unserved" : ""}`}>
      <div className="head">
        <h2>{name}</h2>
        {isUnserved && <Status of="unserved" />}
        {paused && <span className="tag">paused</span>}
        <span className="faint">
          {waiting} waiting, {running} running{limit !== undefined && `, at most ${limit} at once`}, {agents.length}{" "}
          {agents.length === 1 ? "agent" : "agents"}
          {oldestAt !== undefined && (
            <>
              , the oldest <Ago at={oldestAt} now={now} />
            </>
          )}
        </span>
        <span className="grow" />
        <Act do={() => hub.queue.pause(name, !paused).then(again)}>{paused ? "Go on" : "Pause"}</Act>
        {waiting > 0 && (
          <Act
            kind="danger"
            do={() => hub.queue.clear(name).then(again)}
            sure={`Take all ${waiting} that wait in ${name} out of it? They become drafts.`}
          >
            Clear
          </Act>
        )}
      </div>
      {isUnserved && (
        <p className="bad">
          Nobody serves it. Start an agent:{" "}
          <code>
            REPRISE_STORE={location.origin} reprise agent --queue {name}
          </code>
        </p>
      )}
      {waiting > 0 && (
        <details onToggle={(event) => open(event.currentTarget.open)}>
          <summary>What waits</summary>
          {isOpen && <Entries queue={name} now={now} />}
        </details>
      )}
    </section>
  );
}

function Entries({ queue, now }: { queue: string; now: number }) {
  const { value: entries } = useAsked(
    `entries ${queue}`,
    () => hub.queue.entries(queue, 200),
    () => true,
  );
  return (
    <ol className="tasks">
      {entries?.map(({ task, name, priority, queuedAt, held, position }) => (
        <li key={task} value={position}>
          <Link to={toTask(task)}>{task}</Link>
          <span className="faint">
            {name}
            {priority !== 0 && `, priority ${priority}`}
            {held && ", held: others that are limited together with it run"}
          </span>
          <span className="grow" />
          <small>
            <Ago at={queuedAt} now={now} />
          </small>
          {position > 1 && <Act do={() => hub.queue.move(task, { position: "front" })}>To the front</Act>}
          <Act do={() => hub.tasks.dequeue(task)}>Take out</Act>
        </li>
      ))}
    </ol>
  );
}

const AgentCard = ({
  agent: { id, host, pid, queues, slots, resources, leaseUntil, run },
  now,
}: {
  agent: Agent;
  now: number;
}) => (
  <li className="panel">
    <strong>{id}</strong>
    <small className="faint">
      {host}, process {pid}
    </small>
    <span>
      {queues.join(", ")} · {slots === 0 ? "takes nothing more" : `${slots} ${slots === 1 ? "slot" : "slots"}`}
      {resources && ` · ${resourcesText(resources)}`}
    </span>
    {run && <span className="faint">only for {run}</span>}
    {leaseUntil < now && (
      <span className="bad">It has not been heard of for {Math.round((now - leaseUntil) / 1_000)} s.</span>
    )}
  </li>
);
