/** A replacement in a text: offsets into it, `end` exclusive. */
export type Edit = { start: number; end: number; text: string };

/** The edits do not overlap. */
export function edited(text: string, edits: Edit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start);
  const parts = ordered.map(
    ({ start, text: replacement }, i) => text.slice(ordered[i - 1]?.end ?? 0, start) + replacement,
  );
  return parts.join("") + text.slice(ordered.at(-1)?.end ?? 0);
}
