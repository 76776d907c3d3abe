/** Of a loop in the picture: which turn is looked at, all of them or one. */
import type { Turns } from "./turns.ts";

export function Stepper({
  path,
  count,
  x,
  y,
  turns,
  setTurns,
}: {
  path: string;
  count: number;
  x: number;
  y: number;
  turns: Turns;
  setTurns(turns: Turns): void;
}) {
  const at = turns[path];
  const to = (n: number | undefined) => {
    const { [path]: _, ...rest } = turns;
    setTurns(n === undefined ? rest : { ...rest, [path]: n });
  };
  const step = (by: number) => {
    const n = at === undefined ? (by > 0 ? 1 : count) : at + by;
    to(n < 1 || n > count ? undefined : n);
  };
  // What stands outside of it cannot be clicked.
  const width = 70 + 8 * `${count} of ${count}`.length;
  return (
    <foreignObject x={x - width - 6} y={y - 13} width={width} height="26">
      <span className="stepper">
        <button type="button" aria-label="The turn before" onClick={() => step(-1)}>
          ‹
        </button>
        <button type="button" aria-label="All turns" title="Show all turns" onClick={() => to(undefined)}>
          {at === undefined ? `all ${count}` : `${at} of ${count}`}
        </button>
        <button type="button" aria-label="The next turn" onClick={() => step(1)}>
          ›
        </button>
      </span>
    </foreignObject>
  );
}
