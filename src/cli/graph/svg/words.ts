/** What is written on a shape: its name, then in small type what it calls, where it stands in the source, and what became of it. */
import type { Shape } from "../picture.ts";
import { type Font, widthOf, wrap } from "./text.ts";

export type Line = { text: string; font: Font; width: number; role: "name" | "detail" | "fate" };

const nameFont: Font = { size: 13, bold: true };
const plainFont: Font = { size: 13 };
const smallFont: Font = { size: 11 };
/** Pixels. */
export const lineHeight = { name: 18, detail: 15, fate: 16 } as const;
const widest = { step: 260, input: 260, wait: 260, decision: 250, exit: 260, group: 300 } as const;

export function linesOf(shape: Shape): Line[] {
  const { label, template, at, fate, kind } = shape;
  const called = template !== undefined && label.endsWith(` = ${template}`);
  const name = called ? label.slice(0, -` = ${template}`.length) : label;
  const font = kind === "step" || kind === "group" ? nameFont : plainFont;
  const details = [...(called ? [template] : []), ...(at ? [sourceLine(at)] : [])].join(" · ");
  return [
    ...lines(name, font, "name", widest[kind], kind === "step" ? 2 : 3),
    ...lines(details, smallFont, "detail", widest[kind], 1),
    ...lines(fate?.words ?? "", smallFont, "fate", widest[kind], 1),
  ];
}

export const heightOf = (lines: readonly Line[]): number =>
  lines.reduce((height, { role }) => height + lineHeight[role], 0);
export const broadest = (lines: readonly Line[]): number => Math.max(0, ...lines.map(({ width }) => width));

/** `src/train/pipeline.ts:14:5` → `pipeline.ts:14`. */
export const sourceLine = (at: string): string => at.slice(at.lastIndexOf("/") + 1).replace(/:\d+$/, "");

const lines = (text: string, font: Font, role: Line["role"], width: number, count: number): Line[] =>
  wrap(text, font, width, count).map((line) => ({ text: line, font, role, width: widthOf(line, font) }));
