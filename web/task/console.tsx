/** What a task says, and all that runs for it, as it is said: with its colors, searched, the grave lines alone. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { AnsiUp } from "ansi_up";
import { useEffect, useMemo, useRef, useState } from "react";
import { type KeptLine, logLevels } from "../../src/model/log.ts";
import type { TaskId } from "../../src/model/task.ts";
import { followLogs } from "../hub/live.ts";
import { Empty } from "../parts/facts.tsx";
import { pathIn } from "../parts/link.tsx";
import { clock } from "../parts/time.tsx";

const lastLines = 5_000;
const keptLines = 20_000;

export function Console({ task }: { task: TaskId }) {
  const lines = useLines(task);
  const [text, setText] = useState("");
  const [level, setLevel] = useState("debug");
  const found = useMemo(() => {
    const wanted = text.toLowerCase();
    const least = logLevels.indexOf(level as KeptLine["level"] & string);
    return lines.filter(
      (line) =>
        logLevels.indexOf(line.level ?? "info") >= least && (wanted === "" || line.text.toLowerCase().includes(wanted)),
    );
  }, [lines, text, level]);
  const [isFollowing, follow] = useState(true);
  const body = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: found.length,
    getScrollElement: () => body.current,
    estimateSize: () => 19,
    overscan: 40,
  });
  useEffect(() => {
    if (isFollowing && found.length > 0) rows.scrollToIndex(found.length - 1);
  }, [isFollowing, found.length, rows]);
  const manyTasks = useMemo(() => new Set(lines.map((line) => line.task)).size > 1, [lines]);
  const now = Date.now();
  return (
    <section>
      <search className="tools">
        <input
          type="search"
          aria-label="Search the lines"
          placeholder="Search the lines"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <select aria-label="Least level" value={level} onChange={(event) => setLevel(event.target.value)}>
          {logLevels.map((one) => (
            <option key={one} value={one}>
              {one === "debug" ? "all levels" : `${one} and above`}
            </option>
          ))}
        </select>
        <label>
          <input type="checkbox" checked={isFollowing} onChange={(event) => follow(event.target.checked)} /> follow
        </label>
        <span className="faint">
          {found.length === lines.length ? lines.length : `${found.length} of ${lines.length}`}{" "}
          {lines.length === 1 ? "line" : "lines"}
        </span>
      </search>
      {lines.length === 0 ? (
        <Empty>
          It has said nothing. What a step prints, on stdout or stderr or by console, appears here as it comes.
        </Empty>
      ) : (
        <div
          className="console"
          ref={body}
          tabIndex={0}
          role="log"
          aria-label="Console"
          onWheel={(event) => event.deltaY < 0 && follow(false)}
        >
          <div style={{ height: rows.getTotalSize(), position: "relative" }}>
            {rows.getVirtualItems().map(({ key, index, start }) => {
              const line = found[index]!;
              return (
                <div
                  key={key}
                  data-index={index}
                  ref={rows.measureElement}
                  className={`said ${line.stream} ${line.level ?? ""}`}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <small>{clock(line.at, now)}</small>
                  {manyTasks && <small className="who">{pathIn(line.task)}</small>}
                  <Colored text={line.text} />
                </div>
              );
            })}
          </div>
        </div>
      )}
    </section>
  );
}

function useLines(task: TaskId): KeptLine[] {
  const [lines, setLines] = useState<KeptLine[]>([]);
  useEffect(
    () => followLogs(task, lastLines, (fresh) => setLines((before) => [...before, ...fresh].slice(-keptLines))),
    [task],
  );
  return lines;
}

/** By classes, as styles in attributes would be another way in for what a step prints. */
function Colored({ text }: { text: string }) {
  if (!text.includes("\x1b")) return <span>{text}</span>;
  const ansi = new AnsiUp();
  ansi.use_classes = true;
  // It escapes what it does not write itself.
  // biome-ignore lint/security/noDangerouslySetInnerHtml: see above
  return <span dangerouslySetInnerHTML={{ __html: ansi.ansi_to_html(text) }} />;
}
