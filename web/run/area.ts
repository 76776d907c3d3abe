/** Which part of a picture is drawn: what is in view, and as much again around it, so that it is drawn anew only now and then while it is moved. */
import type { Box } from "../../src/cli/graph/svg/layout.ts";
import type { Wire } from "../../src/cli/graph/svg/wires.ts";

/** Where the picture stands on the screen: its own point 0, 0, and how much larger it is there. */
export type View = { x: number; y: number; scale: number };
export type Size = { width: number; height: number };
/** In pixels of the picture. `far`: nobody can read there. */
export type Area = { left: number; top: number; right: number; bottom: number; far: boolean };

/** Below that, letters are five pixels high. */
const readable = 0.4;

/** It goes by steps of the frame's size, at the next smaller power of two: views that are near each other have equal areas. */
export function areaOf({ x, y, scale }: View, { width, height }: Size): Area {
  const coarse = 2 ** Math.floor(Math.log2(scale));
  const [w, h] = [width / coarse, height / coarse];
  const [column, row] = [Math.floor(-x / scale / w), Math.floor(-y / scale / h)];
  return {
    left: (column - 0.5) * w,
    top: (row - 0.5) * h,
    right: (column + 2.5) * w,
    bottom: (row + 2.5) * h,
    far: scale < readable,
  };
}

export const sameArea = (a: Area, b: Area): boolean =>
  a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom && a.far === b.far;

export const hasBox = ({ left, top, right, bottom }: Area, { x, y, width, height }: Box): boolean =>
  x < right && x + width > left && y < bottom && y + height > top;

/** Curves swing out a little. */
const swing = 40;

export function hasWire({ left, top, right, bottom }: Area, { start, bend, end }: Wire): boolean {
  const [xs, ys] = [
    [start.x, bend.x, end.x],
    [start.y, bend.y, end.y],
  ];
  return (
    Math.min(...xs) - swing < right &&
    Math.max(...xs) + swing > left &&
    Math.min(...ys) - swing < bottom &&
    Math.max(...ys) + swing > top
  );
}

/** Is the shape of that id the box's own, or in it? */
export const holds = ({ shape, boxes }: Box, id: string): boolean =>
  shape.id === id || boxes.some((box) => holds(box, id));
