/** Where what a task took came from, and where what it gave went: the data edges of its run's graph, as links to tasks. */

import { picture, type Shape, shapesOf } from "../../src/cli/graph/picture.ts";
import { drawnPath } from "../../src/cli/graph/seen.ts";
import { definitionOf } from "../../src/model/definition.ts";
import { ended, type Task } from "../../src/model/task.ts";
import { hub } from "../hub/ask.ts";
import { outlineOf } from "../hub/outline.ts";
import { useAsked } from "../hub/use.ts";
import { Link, pathIn, toTask } from "../parts/link.tsx";
import type { Route } from "../route.ts";

type Way = { to: Route; words: string; more: number };
type Flow = { from: Way[]; into: Way[] };

export function useFlow(task: Task): Flow {
  const { value } = useAsked(
    `flow ${task.id} ${task.status}`,
    () => flowOf(task),
    ({ kind, run }) => kind === "created" && run === task.run && ended(task.status),
  );
  return value ?? { from: [], into: [] };
}

export function Ways({ of, words }: { of: Way[]; words: string }) {
  if (of.length === 0) return null;
  return (
    <p className="ways">
      <span className="faint">{words} </span>
      {of.map(({ to, words, more }, i) => (
        <span key={words}>
          {i > 0 && ", "}
          <Link to={to}>{words}</Link>
          {more > 0 && <span className="faint"> and {more} more</span>}
        </span>
      ))}
    </p>
  );
}

async function flowOf(task: Task): Promise<Flow> {
  const none = { from: [], into: [] };
  if (task.run === undefined || task.run === task.id) return none;
  const run = await hub.tasks.get(task.run);
  const pipeline = await outlineOf(run);
  if (run?.code.kind !== "controller" || pipeline === undefined) return none;
  const { definition } = run.code;
  const drawn = picture(pipeline, definition === undefined ? pipeline : definitionOf(pipeline, definition));
  const shapes = new Map([...shapesOf(drawn.shapes)].map((shape) => [shape.id, shape]));
  const path = drawnPath(task.id.slice(run.id.length + 1));
  const own = [...shapes.values()].filter((shape) => shape.path === path).map(({ id }) => id);
  const edges = drawn.edges.filter(({ kind }) => kind === "data");
  const sources = edges.filter(({ to }) => own.includes(to)).map(({ from }) => from);
  const readers = edges.filter(({ from }) => own.includes(from)).map(({ to }) => to);
  const ways = async (ids: readonly string[], fits: (other: Task) => boolean, distance: (other: Task) => number) => {
    const found = await Promise.all([...new Set(ids)].map((id) => wayTo(shapes.get(id)!, run, fits, distance)));
    return found.filter((way) => way !== undefined);
  };
  const [from, into] = await Promise.all([
    ways(
      sources,
      ({ id, endedAt }) => id !== task.id && endedAt !== undefined && endedAt <= task.createdAt,
      ({ endedAt }) => task.createdAt - endedAt!,
    ),
    task.endedAt === undefined
      ? []
      : ways(
          readers,
          ({ id, createdAt }) => id !== task.id && createdAt >= task.endedAt!,
          ({ createdAt }) => createdAt - task.endedAt!,
        ),
  ]);
  return { from, into };
}

/** The nearest in time of a shape's tasks: in a loop, the turn before or the next. Undefined where none ran. */
async function wayTo(
  shape: Shape,
  run: Task,
  fits: (other: Task) => boolean,
  distance: (other: Task) => number,
): Promise<Way | undefined> {
  const toResult: Route = { view: "run", id: run.id, tab: "result" };
  if (shape.kind === "input") return { to: toResult, words: "the run's params", more: 0 };
  if (shape.kind === "exit") return { to: toResult, words: "the run's result", more: 0 };
  if (shape.path === undefined) return undefined;
  const tasks = await hub.tasks.list({ run: run.id, name: shape.template ?? shape.label });
  const found = tasks
    .filter((other) => drawnPath(other.id.slice(run.id.length + 1)) === shape.path && fits(other))
    .sort((a, b) => distance(a) - distance(b));
  return found[0] && { to: toTask(found[0].id), words: pathIn(found[0].id), more: found.length - 1 };
}
