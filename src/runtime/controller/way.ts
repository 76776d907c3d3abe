/** The way to a task in the state of its run: through the loops, functions and runs around it, whose counts and turns it moves. */
import { parseSegment, segments } from "../../model/identity.ts";
import { ended, type TaskStatus } from "../../model/task.ts";
import { type Counts, type Draft, none, type RegionState, type RunState, type TurnsState } from "./state.ts";
import { addTurn, dropTurn, findTurn } from "./turns.ts";

/** So many turns of a loop are kept in full after they ended. */
const keptTurns = 5;

/** Where a task is: its region and key there, and what is around it, from the outermost. */
export type Way = {
  region: Draft<RegionState>;
  key: string;
  regions: Draft<RegionState>[];
  /** The runs and the repeated things. */
  counting: { counts: Draft<Counts> }[];
  groups: { group: Draft<TurnsState>; n: number }[];
};

/** With `make`, what is not there yet on the way is made; else undefined where something is not kept any more. */
export function wayTo(run: Draft<RunState>, path: string, make: boolean): Way | undefined {
  const way: Way = { region: run.body, key: "", regions: [run.body], counting: [run], groups: [] };
  for (const segment of segments(path)) {
    const { id, turn, activation } = parseSegment(segment);
    const n = turn ?? activation;
    if (way.key !== "" && !enterCalled(way)) return undefined;
    if (n === undefined) {
      way.key = id;
      continue;
    }
    const key = activation === undefined ? `${id}[]` : `${id}#`;
    if (make) way.region.entries[key] ??= newGroup(kindOf(run, id, turn), id);
    const group = way.region.entries[key];
    if (group === undefined || group.kind === "task") return undefined;
    const region = findTurn(group.turns, n) ?? (make ? addTurn(group.turns, n, { entries: {}, open: 0 }) : undefined);
    if (region === undefined) return undefined;
    if (n > group.latest) advance(group, n);
    way.groups.push({ group, n });
    enter(way, region, group);
  }
  return way;
}

/** What stands behind a call was called by that run. */
function enterCalled(way: Way): boolean {
  const caller = way.region.entries[way.key];
  if (caller?.kind !== "task") return false;
  caller.called ??= { counts: { ...none }, body: { entries: {}, open: 0 } };
  enter(way, caller.called.body, caller.called);
  way.key = "";
  return true;
}

function enter(way: Way, region: Draft<RegionState>, counting: { counts: Draft<Counts> }): void {
  way.region = region;
  way.regions.push(region);
  way.counting.push(counting);
}

const kindOf = (run: Draft<RunState>, id: string, turn: number | undefined): TurnsState["kind"] =>
  turn === undefined ? "function" : run.fanOuts.includes(id) ? "each" : "loop";

function advance(group: Draft<TurnsState>, n: number): void {
  group.latest = n;
  group.recent.push(n);
  const old = group.recent.length > keptTurns ? group.recent.shift() : undefined;
  if (old !== undefined) forget(group, old);
}

/** Drops a turn that is over and not one of the latest; its tasks stay in the counts. */
export function forget(group: Draft<TurnsState>, n: number): void {
  if (findTurn(group.turns, n)?.open === 0 && !group.recent.includes(n)) dropTurn(group.turns, n);
}

export function recount(way: Way, from: TaskStatus | undefined, to: TaskStatus): void {
  const opened = Number(!ended(to)) - Number(from !== undefined && !ended(from));
  for (const { counts } of way.counting) {
    if (from !== undefined) counts[from] -= 1;
    counts[to] += 1;
  }
  for (const region of way.regions) region.open += opened;
}

export function newGroup(kind: TurnsState["kind"], id: string): Draft<TurnsState> {
  return { kind, id, latest: 0, counts: { ...none }, recent: [], turns: {} };
}
