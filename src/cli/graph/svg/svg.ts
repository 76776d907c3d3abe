/** A picture as one SVG file: nothing outside of it is needed, and it is light where the reader's screen is light, and dark where that is dark. */
import type { Edge, Picture, Shape } from "../picture.ts";
import { type Box, iconWidth, type Layout, layout } from "./layout.ts";
import { style } from "./style.ts";
import type { Wire } from "./wires.ts";
import { type Line, lineHeight } from "./words.ts";

/** `title` is what a screen reader says. */
export function svg(picture: Picture, title: string): string {
  const laid = layout(picture);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${laid.width}" height="${laid.height}" viewBox="0 0 ${laid.width} ${laid.height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<rect class="page" width="${laid.width}" height="${laid.height}"/>`,
    ...drawAll(laid),
    "</svg>",
  ].join("\n")}\n`;
}

function drawAll({ boxes, wires }: Pick<Layout, "boxes" | "wires">): string[] {
  const groups = boxes.filter(({ shape }) => shape.kind === "group");
  return [
    ...groups.flatMap(frames),
    ...wires.map(drawWire),
    ...boxes.flatMap((box) => (box.shape.kind === "group" ? drawGroup(box) : drawPart(box))),
  ];
}

/** What runs for many items is a stack. */
const frames = (box: Box): string[] =>
  box.shape.kind === "group" && box.shape.runs === "items"
    ? [8, 4, 0].flatMap((by) => {
        const sheet = frame({ ...box, x: box.x + by, y: box.y + by });
        return [sheet.replace(/class="[^"]*"/, 'class="page"'), sheet];
      })
    : [frame(box)];

const frame = ({ shape, x, y, width, height }: Box): string =>
  `<rect class="${classOf(shape)}" x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/>`;

function drawGroup(box: Box): string[] {
  const { shape, x, y, lines } = box;
  const icon = iconWidth(shape);
  const turning = icon > 0 ? [`<path class="icon" d="M ${x + 25} ${y + 14} a 5 5 0 1 0 1 7 m 0 -8 v 4 h -4"/>`] : [];
  return [
    `<g class="${classOf(shape)}">`,
    ...tooltip(box),
    ...turning,
    ...write(lines, { x: x + 14 + icon, y: y + 9, anchor: "start" }),
    ...drawAll(box),
    "</g>",
  ];
}

function drawPart(box: Box): string[] {
  const { shape, x, y, width, lines } = box;
  return [
    `<g class="${classOf(shape)}">`,
    ...tooltip(box),
    `<path class="outline" d="${outline(box)}"/>`,
    ...write(lines, { x: x + width / 2, y: y + 9, anchor: "middle" }),
    "</g>",
  ];
}

/** Labels may be cut: the whole one shows where the pointer rests. */
const tooltip = ({ shape: { label, template, at } }: Box): string[] => [
  `<title>${escaped([label, template && !label.includes(template) && template, at].filter(Boolean).join("\n"))}</title>`,
];

function write(
  lines: readonly Line[],
  { x, y, anchor }: { x: number; y: number; anchor: "start" | "middle" },
): string[] {
  let bottom = y;
  return lines.map(({ text, role, font }) => {
    bottom += lineHeight[role];
    const weight = font.bold ? ' font-weight="600"' : "";
    return `<text class="${role}" x="${x}" y="${bottom - 5}" font-size="${font.size}"${weight} text-anchor="${anchor}">${escaped(text)}</text>`;
  });
}

/** Steps are boxes, ways out have round ends, decisions and waits have pointed ones, params lean. */
function outline({ shape: { kind }, x, y, width: w, height: h }: Box): string {
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

function drawWire({ kind, edges, start, bend, end, form, arrow }: Wire): string {
  const tip = arrow
    ? `<path class="tip" d="M ${end.x - 4} ${end.y - 7} L ${end.x + 4} ${end.y - 7} L ${end.x} ${end.y} z"/>`
    : "";
  const last = { x: end.x, y: arrow ? end.y - 5 : end.y };
  return `<g class="wire ${kind}${changeOf(edges)}"><path d="M ${start.x} ${start.y}${way(form, bend, last)}"/>${tip}${form === "back" ? upward(start.x, (start.y + end.y) / 2) : ""}</g>`;
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

const upward = (x: number, y: number): string =>
  `<path class="tip" d="M ${x - 4} ${y + 4} L ${x + 4} ${y + 4} L ${x} ${y - 4} z"/>`;

const classOf = ({ kind, fate, change }: Shape): string =>
  [kind, fate?.status, change].filter((name) => name !== undefined).join(" ");

/** What several edges share is new, or gone, only where all of them are. */
function changeOf(edges: readonly Edge[]): string {
  const change = edges[0]?.change;
  return change && edges.every((edge) => edge.change === change) ? ` ${change}` : "";
}

const escaped = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write them
  text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "").replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
