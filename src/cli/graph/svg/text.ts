/** Text in pictures: how wide it is, and where it is broken. Nobody's fonts are known, so widths are those of a wide one. */

/** Hundredths of the font's size, of DejaVu Sans and Liberation Sans the wider; by width, the characters that have it. */
const characterWidths: Record<number, string> = {
  29: "'Iijl",
  35: " ,./:;\\|f",
  39: "-()[]t",
  41: "!r",
  50: '"*J`',
  52: "sz",
  56: "?L_",
  59: "cvxyk",
  63: "FTabdeghnopqu",
  65: "$0123456789{}",
  69: "ABEKPSVXYZ",
  75: "CHNRU",
  79: "&DGOQMm",
  85: "#+<=>^~w×✓✗→■…",
  100: "%@Wm",
};
const widths = new Map(
  Object.entries(characterWidths).flatMap(([width, characters]) => [...characters].map((c) => [c, Number(width)])),
);
const otherWidth = 90;
/** East Asian characters and emoji fill a square and a little more. */
const wideWidth = 115;

export type Font = { size: number; bold?: boolean };

/** Pixels that the text takes at most. */
export function widthOf(text: string, { size, bold = false }: Font): number {
  let hundredths = 0;
  for (const c of text) hundredths += widths.get(c) ?? (c > "\u2e7f" ? wideWidth : otherWidth);
  return Math.ceil((hundredths * size * (bold ? 1.13 : 1)) / 100);
}

/** At most `lines` lines of at most `width` pixels, broken where code may be broken; `…` stands for what has no room. */
export function wrap(text: string, font: Font, width: number, lines: number): string[] {
  const wrapped: string[] = [];
  let rest = text.replace(/\s+/g, " ").trim();
  while (rest !== "" && wrapped.length < lines) {
    const line = wrapped.length === lines - 1 ? fitting(rest, font, width) : firstLine(rest, font, width);
    wrapped.push(line.trim());
    rest = line.endsWith("…") && !rest.startsWith(line) ? "" : rest.slice(line.length).trimStart();
  }
  return wrapped;
}

/** As much as there is room for, up to the last good place for a break. */
function firstLine(text: string, font: Font, width: number): string {
  if (widthOf(text, font) <= width) return text;
  const most = longest(text, font, width);
  const place = Math.max(...[" ", ".", ",", "(", "/"].map((c) => most.lastIndexOf(c) + (c === "." ? 0 : 1)));
  return place > most.length / 3 ? most.slice(0, place) : most;
}

function fitting(text: string, font: Font, width: number): string {
  if (widthOf(text, font) <= width) return text;
  return `${longest(text, font, width - widthOf("…", font)).trimEnd()}…`;
}

function longest(text: string, font: Font, width: number): string {
  let kept = "";
  for (const c of text) {
    if (kept !== "" && widthOf(kept + c, font) > width) break;
    kept += c;
  }
  return kept;
}
