/** The hub's own log: JSON on stderr, one object a line; on a terminal, lines for people. */
import { type Logger, pino } from "pino";
import type { LogLevel } from "./log-level.ts";

export function hubLog(level: LogLevel, stream: NodeJS.WriteStream = process.stderr): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return stream.isTTY ? pino(options, { write: (line) => void stream.write(forPeople(line)) }) : pino(options, stream);
}

const names: Record<number, string> = { 20: "debug", 30: "info", 40: "warn", 50: "error" };

function forPeople(line: string): string {
  const { level, time, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const facts = Object.entries(rest).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return `${String(time).slice(11, 23)} ${names[level as number] ?? level} ${[msg, ...facts].join(" ")}\n`;
}
