import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { manySteps } from "../../../docs/pictures/many.ts";
import { dot } from "../../../src/cli/graph/dot.ts";
import { type Picture, picture, shapesOf } from "../../../src/cli/graph/picture.ts";
import { type Box, type Layout, layout, type Point } from "../../../src/cli/graph/svg/layout.ts";
import { svg } from "../../../src/cli/graph/svg/svg.ts";
import { widthOf, wrap } from "../../../src/cli/graph/svg/text.ts";
import type { Wire } from "../../../src/cli/graph/svg/wires.ts";
import { heightOf } from "../../../src/cli/graph/svg/words.ts";
import { compile } from "../../../src/compiler/compile.ts";
import { call, pipelineOf, pipelines } from "./nodes.ts";

const root = join(import.meta.dirname, "../../..");
const cache = join(tmpdir(), "reprise-pictures-cache");
const files = [
  ...readdirSync(join(root, "examples"))
    .filter((name) => readdirSync(join(root, "examples", name)).includes("pipeline.ts"))
    .map((name) => `examples/${name}/pipeline.ts`),
  ...["nested-loops", "branches", "fan-out", "nested-pipelines"].map((name) => `docs/pictures/${name}.ts`),
];

describe("geometry", () => {
  test.each(files)("%s is drawn without overlaps, cuts and lines through boxes", async (file) => {
    const { pipeline } = await compile(join(root, file), { cache });
    expect(flaws(picture(pipeline))).toEqual([]);
  });

  test("so are two hundred steps", () => {
    expect(flaws(picture(manySteps(200)))).toEqual([]);
  });

  test("so is any graph", () => {
    fc.assert(
      fc.property(pipelines, (pipeline) => {
        const drawn = picture(pipeline);
        expect(flaws(drawn)).toEqual([]);
        expect(unclosed(svg(drawn, pipeline.name))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("a step that needs another stands below it; what may run at the same time stands side by side", () => {
    const nodes = [
      call("load", "load"),
      call("left", "fit", "load"),
      call("right", "fit", "load"),
      call("best", "pick", "left", "right"),
    ];
    const { boxes } = layout(picture(pipelineOf(nodes)));
    const [load, left, right, best] = boxes as [Box, Box, Box, Box];
    expect(left.y).toBe(right.y);
    expect(left.y).toBeGreaterThan(load.y + load.height);
    expect(best.y).toBeGreaterThan(right.y + right.height);
  });

  test("two thousand steps are laid out too", () => {
    expect(layout(picture(manySteps(2_000))).boxes).toHaveLength(2_000);
  });
});

describe("text", () => {
  const font = { size: 13 };
  test("what has no room is broken where code may be broken, and its end is cut", () => {
    expect(wrap("score.accuracy < target && turns < maxTurns", font, 150, 3)).toEqual([
      "score.accuracy <",
      "target && turns <",
      "maxTurns",
    ]);
    expect(wrap("averyveryverylongnamewithoutanybreak", font, 100, 2)).toHaveLength(2);
    expect(wrap("one two three four five six seven eight nine", font, 80, 2).at(-1)).toMatch(/…$/);
  });
  test("no line is wider than it may be", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        for (const line of wrap(text, font, 120, 3)) expect(widthOf(line, font)).toBeLessThanOrEqual(120);
      }),
    );
  });
});

test("an SVG is well-formed, holds no link to anything outside, and knows light and dark", () => {
  const text = svg(picture(pipelineOf([call("a", 'x <"&\u0001')])), 'a "title" & <more>');
  expect(unclosed(text)).toEqual([]);
  expect(text).not.toMatch(/https?:(?!\/\/www\.w3\.org\/2000\/svg")|href|<script|@import|url\(/);
  expect(text).toContain("prefers-color-scheme:dark");
  expect(text).toContain("pipeline.ts:14");
});

test("dot: every link is between things that are declared, and what means something is quoted", () => {
  fc.assert(
    fc.property(pipelines, (pipeline) => {
      const bare = dot(picture(pipeline), 'a "name"').replace(
        /"(?:[^"\\]|\\.)*"/g,
        (text) => `<${Buffer.from(text).toString("hex")}>`,
      );
      expect(bare).not.toContain('"');
      expect(bare.split("{").length).toBe(bare.split("}").length);
      const declared = new Set([...bare.matchAll(/^\s*(<\w+>) \[/gm)].map((match) => match[1]));
      for (const [, from, to] of bare.matchAll(/^\s*(<\w+>) -> (<\w+>)/gm))
        expect([declared.has(from), declared.has(to)]).toEqual([true, true]);
    }),
    { numRuns: 60 },
  );
});

/** Everything that is wrong with how a picture is laid out, in words. */
function flaws(drawn: Picture): string[] {
  const laid = layout(drawn);
  const boxes = allBoxes(laid);
  const wires = [laid.wires, ...boxes.map((box) => box.wires)].flat();
  const blocked = boxes.map((box) => (box.shape.kind === "group" ? { ...box, ...titleOf(box) } : box));
  return [
    ...(boxes.length === [...shapesOf(drawn.shapes)].length ? [] : ["not every shape has a box"]),
    ...overlaps(laid.boxes, laid),
    ...boxes.flatMap(tooTight),
    ...wires.flatMap((wire) =>
      blocked
        .filter((box) => pointsOf(wire).some((point) => isInside(point, box)))
        .map((box) => `a line runs through ${box.shape.id}`),
    ),
    ...wires
      .filter((wire) => wire.arrow && !boxes.some((box) => isOnTop(wire.end, box)))
      .map(() => "an arrow ends nowhere"),
    ...drawn.edges
      .filter((edge) => !wires.some((wire) => wire.edges.includes(edge)))
      .map(({ from, to }) => `no line for ${from} → ${to}`),
  ];
}

const allBoxes = ({ boxes }: Pick<Layout, "boxes">): Box[] => boxes.flatMap((box) => [box, ...allBoxes(box)]);

function overlaps(boxes: readonly Box[], around: { x?: number; y?: number; width: number; height: number }): string[] {
  const { x = 0, y = 0, width, height } = around;
  return boxes.flatMap((box, i) => [
    ...boxes
      .slice(i + 1)
      .filter(
        (other) =>
          box.x < other.x + other.width &&
          other.x < box.x + box.width &&
          box.y < other.y + other.height &&
          other.y < box.y + box.height,
      )
      .map((other) => `${box.shape.id} and ${other.shape.id} overlap`),
    ...(box.x < x || box.y < y || box.x + box.width > x + width || box.y + box.height > y + height
      ? [`${box.shape.id} stands out of what is around it`]
      : []),
    ...overlaps(box.boxes, box),
  ]);
}

const tooTight = ({ shape, lines, width, height }: Box): string[] => [
  ...lines.filter((line) => line.width + 20 > width).map((line) => `"${line.text}" has no room in ${shape.id}`),
  ...(heightOf(lines) + 9 > height ? [`the lines of ${shape.id} are too many`] : []),
];

const titleOf = ({ x, y, lines }: Box) => ({
  x,
  y,
  width: 14 + Math.max(0, ...lines.map((line) => line.width)),
  height: heightOf(lines) + 9,
});

/** Along a wire; curves bend within the gap that they cross. */
function pointsOf({ start, bend, end, form }: Wire): Point[] {
  const between = (a: Point, b: Point) =>
    Array.from({ length: 9 }, (_, i) => ({ x: a.x + ((b.x - a.x) * i) / 8, y: a.y + ((b.y - a.y) * i) / 8 }));
  if (form === "back") return between(start, end);
  if (form === "into lane") return [...between(start, bend), end];
  if (form === "out of lane") return [start, end];
  return [...between(start, bend), ...between(bend, end)];
}

const isInside = ({ x, y }: Point, box: { x: number; y: number; width: number; height: number }): boolean =>
  x > box.x + 1 && x < box.x + box.width - 1 && y > box.y + 1 && y < box.y + box.height - 1;

const isOnTop = ({ x, y }: Point, box: Box): boolean => y === box.y && x >= box.x && x <= box.x + box.width;

/** Tags that do not match, and characters that XML does not have. */
function unclosed(text: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [tag, closing, name, rest] of text.matchAll(/<(\/?)(\w+)((?:\s+[\w-]+(?::\w+)?="[^"<&]*")*)\s*\/?>/g)) {
    if (tag.endsWith("/>")) continue;
    if (!closing) open.push(name!);
    else if (open.pop() !== name || rest) wrong.push(tag);
  }
  const bare = text.replace(/<style>[^<]*<\/style>/, "").replace(/<\/?\w+(?:\s+[\w-]+="[^"<&]*")*\s*\/?>/g, "");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  return [...wrong, ...open, ...(bare.replace(/&#\d+;/g, "").match(/[<&\x00-\x08]/g) ?? [])];
}
