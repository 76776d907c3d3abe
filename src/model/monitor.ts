/** What of a step's metrics, artifacts and models also appears on the task of its pipeline. */

/**
 * A name, or a pattern in which `*` stands for any text; in a pair, the name that it has there, in which `*` stands for what the first `*` stood for. A
 * metric is named `title/series`.
 */
export type Selector = string | readonly [from: string, to: string];

export type Monitor = {
  metrics?: readonly Selector[];
  artifacts?: readonly Selector[];
  models?: readonly Selector[];
};

export type Monitored = keyof Monitor;

/** How something of that name is called on the pipeline's task, by the first selector that fits; undefined where none does. */
export function monitoredName(monitor: Monitor | undefined, what: Monitored, name: string): string | undefined {
  for (const selector of monitor?.[what] ?? []) {
    const [from, to] = typeof selector === "string" ? [selector, undefined] : selector;
    const match = patternOf(from).exec(name);
    if (match) return to === undefined ? name : to.replace("*", () => match[1] ?? "");
  }
  return undefined;
}

/** The title and the series of a metric that is named `title/series`: a series' name has no slash as often as a title has none, and the first one divides. */
export function seriesNamed(name: string): { title: string; series: string } {
  const slash = name.indexOf("/");
  return slash < 0 ? { title: name, series: name } : { title: name.slice(0, slash), series: name.slice(slash + 1) };
}

function patternOf(selector: string): RegExp {
  const parts = selector.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join("(.*)")}$`, "s");
}

/** The sentence that says why it is none, or undefined. */
export function wrongMonitor(monitor: unknown): string | undefined {
  if (typeof monitor !== "object" || monitor === null || Array.isArray(monitor)) return "it is not an object";
  for (const [what, selectors] of Object.entries(monitor)) {
    if (!["metrics", "artifacts", "models"].includes(what)) return `it has no "${what}"`;
    if (!Array.isArray(selectors) || !selectors.every(isSelector))
      return `${what} is not a list of names and pairs of names`;
    if (what === "metrics" && selectors.flat().some((name) => !/[/*]/.test(name)))
      return "a metric is named by title and series, as loss/train, or by a pattern";
  }
  return undefined;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isSelector = (value: unknown): boolean =>
  isText(value) || (Array.isArray(value) && value.length === 2 && value.every(isText));
