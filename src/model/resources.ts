/** Resources: what a task needs of the machine that runs it, and what an agent has to give: amounts by name, `{ gpu: 1, mem: "8G" }`. */

/** As an author writes them. Names are free; an amount is a number, or a size in `K`, `M`, `G` or `T` of 1024. */
export type Resources = Readonly<Record<string, number | `${number}${"K" | "M" | "G" | "T"}`>>;

/** As the graph, the task and the agent keep them. */
export type Amounts = Readonly<Record<string, number>>;

const units = { K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** By name, in order. Throws a RangeError with one sentence. */
export function amountsOf(resources: Resources): Amounts {
  if (typeof resources !== "object" || resources === null || Array.isArray(resources))
    throw new RangeError(`resources: ${JSON.stringify(resources)} is not an object of amounts by name`);
  const names = Object.keys(resources).sort();
  return Object.fromEntries(names.map((name) => [name, amountOf(name, resources[name])]));
}

function amountOf(name: string, given: unknown): number {
  const [, digits = "", unit] = /^(\d+(?:\.\d+)?)([KMGT])$/.exec(String(given)) ?? [];
  const amount = typeof given === "number" ? given : Number(digits || Number.NaN) * units[unit as keyof typeof units];
  if (!/^[\w.-]+$/.test(name))
    throw new RangeError(`resources: ${JSON.stringify(name)} is no name: take letters and digits`);
  if (Number.isFinite(amount) && amount > 0) return amount;
  throw new RangeError(
    `resources: ${JSON.stringify(given)} is no amount of ${name}: write a number above 0, or a size such as "512M" or "8G"`,
  );
}

export const covers = (offered: Amounts, needed: Amounts): boolean =>
  Object.entries(needed).every(([name, amount]) => (offered[name] ?? 0) >= amount);

/** `sign`: 1 to give back, -1 to take. */
export const changed = (offered: Amounts, by: Amounts, sign: 1 | -1): Amounts => ({
  ...offered,
  ...Object.fromEntries(Object.entries(by).map(([name, amount]) => [name, (offered[name] ?? 0) + sign * amount])),
});

/** `gpu 1, mem 8G`. */
export const resourcesText = (amounts: Amounts): string =>
  Object.entries(amounts)
    .map(([name, amount]) => `${name} ${amountText(amount)}`)
    .join(", ");

/** Exact where that is short; what a machine has is seldom round, and then a tenth less is near enough. */
function amountText(amount: number): string {
  const sizes = (["T", "G", "M", "K"] as const).filter((unit) => amount >= units[unit]);
  const whole = sizes.find((unit) => Number.isInteger(amount / units[unit]));
  const exact = whole === undefined ? String(amount) : `${amount / units[whole]}${whole}`;
  const [largest] = sizes;
  if (exact.length <= longestExact || largest === undefined) return exact;
  return `${Math.floor((amount / units[largest]) * 10) / 10}${largest}`;
}

const longestExact = 6;
