/** A length of time as people write it: `"250ms"`, `"10s"`, `"5m"`, `"2h"`, `"1d"`, or a number of milliseconds. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h" | "d"}`;

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The length in milliseconds. Throws a RangeError that says how a duration is written. */
export function durationMs(duration: Duration | string): number {
  if (typeof duration === "number" && duration >= 0 && Number.isFinite(duration)) return duration;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(duration));
  if (match === null)
    throw new RangeError(
      `"${duration}" is not a duration: write a number of milliseconds or, say, "250ms", "10s", "5m", "2h", "1d"`,
    );
  return Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
}

/** For people: `850 ms`, `4.2 s`, `3 m 20 s`, `2 h 5 m`, `1 d 3 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const s = Math.round(ms / 1_000);
  if (s < 3_600) return `${Math.floor(s / 60)} m ${s % 60} s`;
  if (s < 86_400) return `${Math.floor(s / 3_600)} h ${Math.floor((s % 3_600) / 60)} m`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3_600)} h`;
}
