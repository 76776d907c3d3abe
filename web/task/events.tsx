/** All that happened to a task, as it happens. */
import { useEffect, useState } from "react";
import type { Event } from "../../src/model/event.ts";
import type { Task } from "../../src/model/task.ts";
import { followRun } from "../hub/live.ts";
import { describeEvent } from "../parts/event-words.ts";
import { Rows } from "../parts/rows.tsx";
import { clock } from "../parts/time.tsx";

export function TaskEvents({ task: { id }, now }: { task: Task; now: number }) {
  const [events, setEvents] = useState<Event[]>([]);
  useEffect(() => {
    setEvents([]);
    return followRun(id, (fresh) => setEvents((before) => [...before, ...fresh.filter(({ task }) => task === id)]));
  }, [id]);
  return (
    <section className="panel">
      <Rows
        of={events}
        height={28}
        label="Events"
        draw={({ seq, at, kind, ...event }) => (
          <div className="line">
            <small>
              {seq} · {clock(at, now)}
            </small>
            <strong>{kind}</strong>
            <span>{describeEvent({ seq, at, kind, ...event } as Event)}</span>
          </div>
        )}
      />
    </section>
  );
}
