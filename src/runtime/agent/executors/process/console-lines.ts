/** Cuts a stream into lines. */
import type { LogLevel } from "../../../../model/log.ts";
import { unmarked } from "./console-levels.ts";

/** A line longer than this is cut, so that a step that never ends one cannot fill the agent's memory. */
export const longestLine = 64 * 1024;

export interface LineCutter {
  /** Takes the stream's text, piece by piece, as it comes. */
  write(chunk: string): void;
  /** Who wrote it has ended: what is left is a line. */
  end(): void;
}

export function cutLines(found: (text: string, level?: LogLevel) => void): LineCutter {
  let rest = "";

  function take(line: string): void {
    say(line.endsWith("\r") ? line.slice(0, -1) : line);
  }

  function say(line: string): void {
    const { text, level } = unmarked(line);
    found(text, level);
  }

  return {
    write(chunk) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      lines.forEach(take);
      for (; rest.length > longestLine; rest = rest.slice(longestLine)) say(rest.slice(0, longestLine));
    },
    end() {
      if (rest !== "") take(rest);
      rest = "";
    },
  };
}
