/** The levels of what a step says to the console, from the step process to the agent: a mark at the beginning of each line. */
import { type LogLevel, logLevels } from "../../../../model/log.ts";

const methods: [method: "debug" | "trace" | "warn" | "error", level: LogLevel][] = [
  ["debug", "debug"],
  ["trace", "debug"],
  ["warn", "warn"],
  ["error", "error"],
];

/** What is written to the streams while such a method speaks is marked; anything else is not. */
export function markLevels(): void {
  let level: LogLevel | undefined;
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = ((chunk: unknown, ...others: unknown[]) =>
      write(
        level !== undefined && typeof chunk === "string" ? marked(chunk, level) : chunk,
        ...others,
      )) as typeof stream.write;
  }
  for (const [method, its] of methods) {
    const speak = console[method];
    console[method] = (...args) => {
      const around = level;
      level = its;
      try {
        speak.apply(console, args);
      } finally {
        level = around;
      }
    };
  }
}

const markOf = (level: LogLevel): string => `\u0000${level[0]}\u0000`;

const marked = (text: string, level: LogLevel): string => text.replace(/^(?=.)/gms, markOf(level));

/** The line without its mark, and the level that it says. */
export function unmarked(line: string): { text: string; level?: LogLevel } {
  const level = line.startsWith("\u0000") ? logLevels.find((level) => line.startsWith(markOf(level))) : undefined;
  return level === undefined ? { text: line } : { text: line.slice(3), level };
}
