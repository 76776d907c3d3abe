/** The table of moves, as SQL. */
import { type Move, moves, type TaskStatus } from "../../model/task.ts";

/** `update tasks` that makes the move of the task with the key given last, and changes no row where the table has no such move. */
export function moveSql(move: Move, set: string): string {
  const rows = Object.entries(moves) as [TaskStatus, (typeof moves)[TaskStatus]][];
  const from = rows.filter(([, out]) => move in out).map(([status]) => `'${status}'`);
  const to = rows.find(([, out]) => move in out)![1][move];
  return `update tasks set status = '${to}', ${set} where key = ? and status in (${from})`;
}
