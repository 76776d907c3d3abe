/** A picture as one SVG file: nothing outside of it is needed, and it is light where the reader's screen is light, and dark where that is dark. */
import type { Edge, Picture, Shape } from "../picture.ts";
import { type Box, iconWidth, type Layout, layout } from "./layout.ts";
import { outline, wirePath } from "./paths.ts";
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

function drawWire(wire: Wire): string {
  const { kind, edges, start, end, form, arrow } = wire;
  const tip = arrow
    ? `<path class="tip" d="M ${end.x - 4} ${end.y - 7} L ${end.x + 4} ${end.y - 7} L ${end.x} ${end.y} z"/>`
    : "";
  return `<g class="wire ${kind}${changeOf(edges)}"><path d="${wirePath(wire)}"/>${tip}${form === "back" ? upward(start.x, (start.y + end.y) / 2) : ""}</g>`;
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
