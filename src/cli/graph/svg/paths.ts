/** The lines of a picture, as SVG paths: outlines of boxes, and wires between them. */
import type { Box } from "./layout.ts";
import type { Wire } from "./wires.ts";

/** Steps are boxes, ways out have round ends, decisions and waits have pointed ones, params lean. */
export function outline({ shape: { kind }, x, y, width: w, height: h }: Box): string {
  switch (kind) {
    case "decision":
      return `M ${x + 14} ${y} h ${w - 28} l 14 ${h / 2} l -14 ${h / 2} h ${28 - w} l -14 ${-h / 2} z`;
    case "wait":
      return `M ${x} ${y} h ${w} l -12 ${h / 2} l 12 ${h / 2} h ${-w} l 12 ${-h / 2} z`;
    case "input":
      return `M ${x + 8} ${y} h ${w - 8} l -8 ${h} h ${8 - w} z`;
    case "exit":
      return rounded(x, y, w, h, Math.min(h / 2, 17));
    default:
      return rounded(x, y, w, h, 6);
  }
}

const rounded = (x: number, y: number, w: number, h: number, r: number): string =>
  `M ${x + r} ${y} h ${w - 2 * r} a ${r} ${r} 0 0 1 ${r} ${r} v ${h - 2 * r} a ${r} ${r} 0 0 1 ${-r} ${r} h ${2 * r - w} a ${r} ${r} 0 0 1 ${-r} ${-r} v ${2 * r - h} a ${r} ${r} 0 0 1 ${r} ${-r} z`;

/** Up to the tip of its arrow. */
export function wirePath({ start, bend, end, form, arrow }: Wire): string {
  return `M ${start.x} ${start.y}${way(form, bend, { x: end.x, y: arrow ? end.y - 5 : end.y })}`;
}

/** How far a curve swings out below the last row and above the first, where it goes into the lane and comes out of it. */
const swing = 26;

function way(form: Wire["form"], bend: Wire["bend"], end: Wire["end"]): string {
  switch (form) {
    case "back":
      return ` L ${end.x} ${end.y}`;
    case "into lane":
      return ` L ${bend.x} ${bend.y} C ${bend.x} ${bend.y + swing} ${end.x} ${bend.y + swing} ${end.x} ${end.y}`;
    case "out of lane":
      return ` C ${bend.x} ${bend.y - swing} ${end.x} ${end.y - swing} ${end.x} ${end.y}`;
    case "down": {
      const middle = (end.y - bend.y) / 2;
      const line = bend.y > 0 ? ` L ${bend.x} ${bend.y}` : "";
      if (bend.x === end.x) return `${line} L ${end.x} ${end.y}`;
      return `${line} C ${bend.x} ${bend.y + middle} ${end.x} ${end.y - middle} ${end.x} ${end.y}`;
    }
  }
}
