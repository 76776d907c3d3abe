/** For tests of pipelines that are classes: Vitest takes types away, but leaves decorators, which Node does not know. */
import { transform } from "esbuild";

/** The part of a Vite plugin that is used here. */
export type Decorators = {
  name: string;
  enforce: "pre";
  transform(code: string, id: string): Promise<{ code: string; map: string } | undefined>;
};

/**
 * A plugin that lets tests import TypeScript with standard decorators.
 *
 * @example
 * // vitest.config.ts
 * import { decorators } from "reprise/vitest";
 * import { defineConfig } from "vitest/config";
 *
 * export default defineConfig({ plugins: [decorators()] });
 */
export function decorators(): Decorators {
  return {
    name: "reprise:decorators",
    enforce: "pre",
    async transform(code, id) {
      const [, kind] = /\.[cm]?(tsx?)(?:\?.*)?$/.exec(id) ?? [];
      if (kind === undefined || !/^\s*(?:export\s+(?:default\s+)?)?@[\w(]/m.test(code)) return undefined;
      const loader = kind as "ts" | "tsx";
      return transform(code, { loader, sourcefile: id, sourcemap: true, target: "node24" });
    },
  };
}
