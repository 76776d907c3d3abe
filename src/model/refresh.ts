/** Refreshing: a run may do steps again whose results are cached. */
import { nearest } from "./nearest.ts";
import type { Template } from "./template.ts";

/** All steps, or those of these names. */
export type Refresh = true | readonly string[];

export const isRefreshed = (refresh: Refresh | undefined, step: string): boolean =>
  refresh === true || (refresh?.includes(step) ?? false);

/** Throws a RefreshError where a name is none of a step that is cached. */
export function checkRefresh(
  refresh: Refresh,
  { name, templates }: { name: string; templates: Readonly<Record<string, Template>> },
): void {
  if (refresh === true) return;
  const cached = Object.keys(templates).filter((step) => templates[step]!.options.cache);
  const wrong = refresh.find((step) => !cached.includes(step));
  if (wrong === undefined) return;
  const meant = nearest(wrong, cached);
  const help =
    cached.length === 0
      ? "none of its steps has the option `cache`"
      : meant
        ? `did you mean "${meant}"?`
        : `those that are: ${cached.join(", ")}`;
  throw new RefreshError(`"${wrong}" is no cached step of the pipeline "${name}": ${help}`);
}

/** The message is a sentence for people. */
export class RefreshError extends Error {
  override name = "RefreshError";
}
