/** A local function: its group stands where it is declared, its nodes are run where it is called. */
import type { Closure, FunctionNode } from "../../../model/node.ts";
import type { Group } from "../picture.ts";
import { none, type Sources, unionOf } from "../sources.ts";
import type { Painter } from "./painter.ts";

export type Local = { closure: Closure; group: Group; results: Set<string>; running: boolean; called: boolean };

export function declare(painter: Painter, { variable, function: closure, at }: FunctionNode): void {
  if (painter.locals.has(variable)) return;
  const { id, name } = closure;
  const path = `${painter.around.path}${id}#`;
  const group = painter.drawGroup(closure, { id, label: `function ${name || id}`, path, ...(at && { at }) });
  painter.locals.set(variable, localOf(closure, group));
}

export const localOf = (closure: Closure, group: Group): Local => ({
  closure,
  group,
  results: new Set(),
  running: false,
  called: false,
});

/** Runs a local function on what it is given; gives what its result is made from. A call within itself gets what is known by then. */
export function activate(painter: Painter, local: Local, given: Sources[]): Sources {
  local.called = true;
  if (local.running) return local.results;
  const outer = painter.local;
  local.running = true;
  painter.local = local;
  const { params, rest, nodes } = local.closure;
  painter.aside(() =>
    painter.inside(local.group, () => {
      params.forEach(({ target }, i) => {
        painter.assign(target, given[i] ?? none);
      });
      if (rest) painter.assign(rest, unionOf(given.slice(params.length)));
      painter.run(nodes);
    }),
  );
  local.running = false;
  painter.local = outer;
  return local.results;
}
