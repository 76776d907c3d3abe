/** Figures beside their bounds. One that is not within its bound is said so, and the process ends with 1. */

export function bound(what: string, value: number, limit: number, unit: string): void {
  const holds = value <= limit;
  if (!holds) process.exitCode = 1;
  tell(what, value, unit, `${holds ? "" : "NOT "}within ${limit} ${unit}`);
}

export function tell(what: string, value: number, unit: string, verdict = ""): void {
  console.log(`  ${what.padEnd(52)} ${value.toFixed(2).padStart(8)} ${unit.padEnd(3)} ${verdict}`.trimEnd());
}
