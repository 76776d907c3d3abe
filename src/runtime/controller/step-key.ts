import { type CacheKey, cacheKey } from "../../model/cache.ts";
import type { CodeTemplate } from "../../model/template.ts";
import { byContent } from "../../model/value.ts";

/** What a call of the step says of itself to the cache. `input`: encoded. */
export const stepKey = (step: CodeTemplate, input: string | undefined, isRefreshed: boolean): CacheKey => ({
  ...cacheKey(step, input && byContent(input), environment),
  ...(isRefreshed && { refresh: true }),
});

const environment = `node ${process.versions.node.split(".", 1)[0]}`;
