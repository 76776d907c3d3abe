/** What goes to stdout: lines for people, JSON for programs. */
import { hasColor, type Style, styleOf, widthOfStream } from "./view/style.ts";

export type Screen = { width: number; color: boolean; style: Style };

export function screenOf(stream: NodeJS.WriteStream): Screen {
  const color = hasColor(stream);
  return { width: widthOfStream(stream), color, style: styleOf(color) };
}

export function printLines(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
}

/** One value; on one line where no person reads it. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : 0)}\n`);
}
