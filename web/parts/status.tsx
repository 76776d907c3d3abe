/** A status: a sign, a word and a color, so that it can be told without any one of them. */
import type { TaskStatus } from "../../src/model/task.ts";

export type Shown = TaskStatus | "skipped" | "waiting" | "unserved";

const words: Record<Shown, string> = {
  draft: "draft",
  queued: "queued",
  running: "running",
  completed: "completed",
  failed: "failed",
  aborted: "aborted",
  skipped: "not reached",
  waiting: "waiting",
  unserved: "no agent",
};

export function Status({ of, bare = false }: { of: Shown; bare?: boolean }) {
  return (
    <span className={`status ${of}`}>
      <Sign of={of} />
      {bare ? <span className="unseen">{words[of]}</span> : words[of]}
    </span>
  );
}

/** Drawn, so that it looks the same in every font. */
function Sign({ of }: { of: Shown }) {
  return (
    <svg className="sign" viewBox="0 0 16 16" aria-hidden="true">
      <path d={signs[of]} />
    </svg>
  );
}

const circle = "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0";
const signs: Record<Shown, string> = {
  draft: "M5 8h6",
  queued: `${circle}M8 4.5V8l2.5 1.5`,
  running: "M8 2a6 6 0 1 1-5.2 3",
  completed: "M3 8.5 6.5 12 13 4.5",
  failed: "M4 4l8 8M12 4l-8 8",
  aborted: "M4.5 4.5h7v7h-7z",
  skipped: "M4 8h1M8 8h1M12 8h1",
  waiting: circle,
  unserved: `${circle}M8 4.5v4.2M8 11v.5`,
};
