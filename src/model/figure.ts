/** Figures: what a task shows beside its numbers, under a title: plots, as Vega-Lite specifications, and texts in Markdown. */
import type { TaskId } from "./task.ts";

export type Figure = {
  task: TaskId;
  attempt: number;
  kind: "plot" | "text";
  title: string;
  iteration: number;
  /** Of a plot, the specification as JSON text; of a text, its Markdown. */
  content: string;
  at: number;
};

/** https://vega.github.io/vega-lite/docs/spec.html */
export type PlotSpecification = { readonly [key: string]: unknown };

const largestMb = 1;

/** What one of must be there for a specification to draw something. */
const views = ["mark", "layer", "concat", "hconcat", "vconcat", "repeat", "facet", "spec"];

/** The content of a plot. Throws a TypeError or a RangeError that says how to mend it. */
export function plotContent(title: string, specification: PlotSpecification): string {
  const what = `plot(${JSON.stringify(title)})`;
  if (typeof specification !== "object" || specification === null || Array.isArray(specification))
    throw new TypeError(
      `${what}: a plot is a Vega-Lite specification, an object such as { data: { values }, mark: "line", encoding }`,
    );
  const { $schema } = specification;
  if ($schema !== undefined && !/vega-lite/.test(String($schema)))
    throw new TypeError(`${what}: its $schema is ${JSON.stringify($schema)}, and plots are Vega-Lite specifications`);
  if (!views.some((view) => Object.hasOwn(specification, view)))
    throw new TypeError(`${what}: a Vega-Lite specification has one of ${views.join(", ")}, and this one has none`);
  return checkSize(what, JSON.stringify(specification), "Draw fewer points, and keep the data as an artifact");
}

/** The content of a text. Throws a TypeError or a RangeError. */
export function textContent(title: string, markdown: string): string {
  const what = `text(${JSON.stringify(title)})`;
  if (typeof markdown !== "string")
    throw new TypeError(`${what}: a text is a string of Markdown, not ${typeof markdown}`);
  return checkSize(what, markdown, "Keep it as an artifact");
}

function checkSize(what: string, content: string, remedy: string): string {
  const bytes = Buffer.byteLength(content);
  if (bytes > largestMb * 1024 * 1024)
    throw new RangeError(
      `${what}: it has ${(bytes / 1024 / 1024).toFixed(1)} MB, and may have ${largestMb}. ${remedy}`,
    );
  return content;
}
