/** What happened in a run, put on the picture of its pipeline: statuses, counts, retries, times; grey is what was never reached. */
import type { Decided } from "../../model/decision.ts";
import { formatDuration } from "../../model/duration.ts";
import { ended, type Task, type TaskStatus } from "../../model/task.ts";
import { plural } from "../view/text.ts";
import { type Fate, type Group, type Picture, type Shape, shapesOf } from "./picture.ts";
import { Seen, type SeenTask } from "./seen.ts";

/** `run`: its controller. `tasks` and `decisions` are its own and those of what it called, in order. */
export function ofRun(
  picture: Picture,
  run: Pick<Task, "id" | "status">,
  { tasks, decisions }: { tasks: readonly SeenTask[]; decisions: readonly Decided[] },
  now: number,
): Picture {
  const seen = new Seen(run.id);
  for (const task of tasks) seen.task(task);
  for (const decision of decisions) seen.decision(decision);
  return withSeen(picture, run, seen, now);
}

export function withSeen(picture: Picture, run: Pick<Task, "status">, seen: Seen, now: number): Picture {
  const isOver = ended(run.status);
  return { ...picture, shapes: picture.shapes.map((shape) => withFate(shape, seen, isOver, now)) };
}

function withFate(shape: Shape, seen: Seen, isOver: boolean, now: number): Shape {
  if (shape.kind !== "group") {
    if (shape.kind !== "step") return shape;
    const [tasks, skipped] = [seen.tasks.get(shape.path!) ?? [], seen.skips.get(shape.path!)];
    const isSkipped = tasks.length === 0 && skipped !== undefined;
    return { ...shape, fate: isSkipped ? { status: "skipped", words: skipped } : fateOf(tasks, isOver, now) };
  }
  const shapes = shape.shapes.map((inner) => withFate(inner, seen, isOver, now));
  const fate = groupFate({ ...shape, shapes }, seen, isOver, now);
  return fate?.status === "skipped"
    ? { ...shape, fate, shapes: shapes.map(skip) }
    : { ...shape, shapes, ...(fate && { fate }) };
}

/** A called pipeline's is that of its runs; what has no step inside does not show whether it was reached. */
function groupFate(group: Group, seen: Seen, isOver: boolean, now: number): Fate | undefined {
  const { path, shapes } = group;
  const runs = path === undefined ? [] : (seen.tasks.get(path) ?? []);
  if (runs.length > 0) return fateOf(runs, isOver, now);
  const fates = [...shapesOf(shapes)].flatMap(({ fate }) => fate ?? []);
  const nothingRan = fates.every(({ status }) => status === "skipped" || status === "waiting");
  if (isOver && nothingRan && isOtherWay(group, seen)) return { status: "skipped", words: "not taken" };
  if (fates.length === 0) return undefined;
  if (nothingRan) return { status: isOver ? "skipped" : "waiting", words: isOver ? "not reached" : "" };
  const turns = path === undefined ? undefined : seen.turns.get(path);
  if (!turns) return undefined;
  const count = [...turns.values()].reduce((sum, n) => sum + n, 0);
  const statuses = fates.map(({ status }) => status);
  return {
    status: statuses.includes("running") ? "running" : "completed",
    words: plural(count, group.runs === "items" ? "item" : "turn"),
  };
}

/** It was decided, and never for this way, nor for a case that may have run on into it. */
function isOtherWay({ way }: Group, { ways }: Seen): boolean {
  const taken = way && ways.get(way.path);
  if (taken === undefined) return false;
  const { outcome, runsOn } = way!;
  return ![...taken].some((other) => other === outcome || (runsOn && other >= 0 && (outcome < 0 || other < outcome)));
}

function skip(shape: Shape): Shape {
  const fate: Fate = { status: "skipped", words: "" };
  return shape.kind === "group" ? { ...shape, fate, shapes: shape.shapes.map(skip) } : { ...shape, fate };
}

/** The worst comes first: what failed is what people look for. */
const order: TaskStatus[] = ["failed", "running", "queued", "aborted", "draft", "completed"];
export const marks: Record<TaskStatus, string> = {
  draft: "○",
  queued: "○",
  running: "●",
  completed: "✓",
  failed: "✗",
  aborted: "■",
};

function fateOf(tasks: readonly SeenTask[], isOver: boolean, now: number): Fate {
  if (tasks.length === 0) return { status: isOver ? "skipped" : "waiting", words: isOver ? "not reached" : "" };
  const counts = new Map<TaskStatus, number>();
  for (const { status } of tasks) counts.set(status, (counts.get(status) ?? 0) + 1);
  const found = order.filter((status) => counts.has(status));
  const byStatus = found.map((status) =>
    counts.get(status) === 1 ? marks[status] : `${marks[status]} ${counts.get(status)} ×`,
  );
  const retries = tasks.reduce((sum, { attempt }) => sum + Math.max(0, attempt - 1), 0);
  const more = [...(retries > 0 ? [retries === 1 ? "1 retry" : `${retries} retries`] : []), ...times(tasks, now)];
  const words =
    tasks.length === 1 ? `${byStatus[0]} ${more.join(" · ")}`.trim() : [byStatus.join(" "), ...more].join(" · ");
  return { status: found[0]!, words };
}

function times(tasks: readonly SeenTask[], now: number): string[] {
  const ms = tasks.flatMap(({ startedAt, endedAt }) => (startedAt === undefined ? [] : [(endedAt ?? now) - startedAt]));
  if (ms.length === 0) return [];
  const total = formatDuration(ms.reduce((sum, one) => sum + one, 0));
  return ms.length === 1 ? [total] : [`${total}, last ${formatDuration(ms.at(-1)!)}`];
}
