/** All tasks of a run, the latest first, or those of one status. */
import { useState } from "react";
import { taskStatuses } from "../../src/model/task.ts";
import { Empty } from "../parts/facts.tsx";
import { Link, toTask } from "../parts/link.tsx";
import { Rows } from "../parts/rows.tsx";
import { Status } from "../parts/status.tsx";
import { took } from "../parts/time.tsx";
import type { Story } from "./story.ts";

export function TaskList({ story, now }: { story: Story; count: number; now: number }) {
  const [status, setStatus] = useState("");
  const [text, setText] = useState("");
  const found = [...story.tasks.values()]
    .filter((told) => (status === "" || told.status === status) && told.path.includes(text))
    .reverse();
  return (
    <section>
      <search className="tools">
        <input
          type="search"
          aria-label="Filter by path"
          placeholder="path, such as loop1[3]"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <select aria-label="Filter by status" value={status} onChange={(event) => setStatus(event.target.value)}>
          <option value="">any status</option>
          {taskStatuses.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
        <span className="faint">{found.length}</span>
      </search>
      {found.length === 0 ? (
        <Empty>
          {story.tasks.size === 0
            ? "The run has not started a task yet."
            : "No task fits: choose another status, or a shorter path."}
        </Empty>
      ) : (
        <Rows
          of={found}
          height={32}
          label="Tasks"
          draw={(told) => (
            <div className="line">
              <Status of={told.unserved ? "unserved" : told.status} />
              <Link to={toTask(told.id)}>{told.path}</Link>
              <span className="faint">{told.name === told.path ? "" : told.name}</span>
              {told.status === "running" && told.progress !== undefined && <progress value={told.progress} />}
              <span className="bad cut">{told.status !== "completed" && told.failure?.message}</span>
              <span className="grow" />
              <small>
                {[
                  told.attempt > 1 ? `attempt ${told.attempt}` : "",
                  told.cachedFrom ? "from the cache" : "",
                  took(told, now),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </small>
            </div>
          )}
        />
      )}
    </section>
  );
}
