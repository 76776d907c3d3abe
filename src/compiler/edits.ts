/** A replacement in a text: offsets into it, `end` exclusive. */
export type Edit = { start: number; end: number; text: string };

/** The edits do not overlap, but that one within another is lost with what it would change. */
export function edited(text: string, edits: Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start || b.end - a.end);
  const ordered: Edit[] = [];
  for (const edit of sorted) if (edit.start >= (ordered.at(-1)?.end ?? 0)) ordered.push(edit);
  const parts = ordered.map(
    ({ start, text: replacement }, i) => text.slice(ordered[i - 1]?.end ?? 0, start) + replacement,
  );
  return parts.join("") + text.slice(ordered.at(-1)?.end ?? 0);
}

/** Takes a part of the text out; all other lines and columns stay where they are. */
export function blanks(text: string, start: number, end: number): Edit {
  return { start, end, text: text.slice(start, end).replace(/[^\r\n\u2028\u2029]/g, " ") };
}

export const insertion = (at: number, text: string): Edit => ({ start: at, end: at, text });
