/** Cuts a stream into lines, and finds the marks in it that say where the output of one step ends. */

import type { LogLevel } from "../../../../model/log.ts";
import { unmarked } from "./console-levels.ts";

/** A line longer than this is cut, so that a step that never ends one cannot fill the agent's memory. */
export const longestLine = 64 * 1024;

const markStart = "\u0000reprise ";

/** A mark that no output holds by accident; it ends its line. */
export const markOf = (nonce: string): string => `${markStart}${nonce}\u0000`;

export interface LineCutter {
  /** Takes the stream's text, piece by piece, as it comes. */
  write(chunk: string): void;
  /** The stream has ended: what is left is a line. */
  end(): void;
}

export function cutLines(found: { line(text: string, level?: LogLevel): void; mark(mark: string): void }): LineCutter {
  let rest = "";

  function take(line: string): void {
    const at = line.indexOf(markStart);
    const text = at < 0 ? line : line.slice(0, at);
    if (at < 0) say(text.endsWith("\r") ? text.slice(0, -1) : text);
    else if (text !== "") say(text);
    if (at >= 0) found.mark(line.slice(at));
  }

  function say(line: string): void {
    const { text, level } = unmarked(line);
    found.line(text, level);
  }

  return {
    write(chunk) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      lines.forEach(take);
      // Never inside a mark: what is kept is longer than one.
      for (; rest.length > longestLine + 256; rest = rest.slice(longestLine)) say(rest.slice(0, longestLine));
    },
    end() {
      if (rest !== "") take(rest);
      rest = "";
    },
  };
}
