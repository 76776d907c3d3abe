/**
 * Hands modules to the bundler: the author's with their edits (the step laid bare), and every module with the addresses of its data files. A package stays out where
 * the step uses nothing of it, as if the step's own code had been alone in its module; `import "package"` alone keeps it.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Loader, OnResolveArgs, Plugin, PluginBuild, ResolveResult } from "esbuild";
import { ts } from "ts-morph";
import type { Job, Sources } from "./build.ts";
import { edited } from "./edits.ts";

/** What the author's modules said of packages with side effects, job by job, by path: that they stay also where nothing of them is used, or not. */
export type SideEffects = Map<Job, Map<string, Set<boolean>>>;

/** What one build is about. */
export type Round = { jobs: Job[]; sources: Sources; sideEffects: SideEffects };

/** The name by which the module of the job with that number is asked for. */
export const entryOf = (n: number): string => `reprise:${n}`;

/** The path of a file, of what is one job's own. */
export const own = (path: string): string => path.replace(/\?reprise=\d+$/, "");

/** What each of an author's modules hands to those that it imports: whose it is. */
type Owner = { job: Job; suffix: string };

/** `current`: what the build that begins is about. */
export function modules(current: () => Round): Plugin {
  return {
    name: "reprise",
    setup(build) {
      let round = begin(current());
      let resolved = resolver(build);
      build.onStart(() => {
        const { era } = round;
        round = begin(current());
        if (round.era === undefined || round.era !== era) resolved = resolver(build);
      });
      build.onResolve({ filter: /^reprise:\d+$/ }, ({ path, kind }) => {
        const owner = kind === "entry-point" ? round.owners[Number(path.slice("reprise:".length))] : undefined;
        return owner && { path: round.entry, suffix: owner.suffix, pluginData: owner };
      });
      build.onResolve({ filter: /./ }, async (asked) => {
        const owner = asked.pluginData as Owner | undefined;
        if (owner?.job === undefined) return undefined;
        const found = await resolved(asked);
        const mine = round.authors.has(found.path)
          ? { suffix: owner.suffix, pluginData: owner }
          : { pluginData: undefined };
        const source = round.authors.get(asked.importer);
        if (source === undefined || /^[./]/.test(asked.path)) return { ...found, ...mine };
        const stays = importsForEffect(source, asked.path);
        if (found.sideEffects && !found.external) {
          const answers = round.sideEffects.get(owner.job)!;
          answers.set(found.path, (answers.get(found.path) ?? new Set()).add(stays));
        }
        return { ...found, ...mine, ...(!stays && { sideEffects: false }) };
      });
      build.onLoad({ filter: /[\\/]step$/ }, ({ path, pluginData: owner }) =>
        path === round.entry && owner
          ? { contents: owner.job.contents, resolveDir: round.sources.root, pluginData: owner }
          : undefined,
      );
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, ({ path, pluginData }) => {
        const { data } = round.sources;
        const source = round.authors.get(path);
        if (source === undefined) {
          const text = readFileSync(path, "utf8");
          const edits = data.packageEdits(path, text);
          return edits.length === 0 ? undefined : { contents: edited(text, edits), loader: loaderOf(path) };
        }
        // A package, or plain JavaScript, has imported it: whose it is, is known only where there is but one.
        const owner = (pluginData as Owner | undefined) ?? (round.owners.length === 1 ? round.owners[0] : undefined);
        if (owner === undefined) return { errors: [{ text: `${path} is imported by what is not the author's` }] };
        const contents = edited(source.text, [...owner.job.edits(source), ...data.edits(source)]);
        return { contents, loader: loaderOf(path), pluginData: owner };
      });
    },
  };
}

/** `era`: while it is the same, imports lead where they did. `authors`: the author's modules by path. `entry`: the path of each job's first module, which is no file. */
function begin(round: Round) {
  const { jobs, sources } = round;
  return {
    ...round,
    era: sources.warm?.era,
    owners: jobs.map((job, n): Owner => ({ job, suffix: jobs.length === 1 ? "" : `?reprise=${n}` })),
    authors: new Map(sources.owned.map((source) => [resolve(source.fileName), source])),
    entry: join(sources.root, "step"),
  };
}

/** Where an import leads, by the bundler's own rules. The jobs' copies of a module ask the same: it is asked once. */
function resolver(build: PluginBuild): (asked: OnResolveArgs) => Promise<ResolveResult> {
  const known = new Map<string, Promise<ResolveResult>>();
  return async ({ path, importer, namespace, resolveDir, kind, with: attributes }) => {
    const key = JSON.stringify([importer, path, kind, attributes]);
    const before = known.get(key);
    if (before && leadsSomewhere(await before)) return before;
    const found = build.resolve(path, { importer, namespace, resolveDir, kind, with: attributes });
    known.set(key, found);
    return found;
  };
}

/** Still: what was found may be gone, and what was not may have come. */
function leadsSomewhere({ errors, external, namespace, path }: ResolveResult): boolean {
  return errors.length === 0 && (external || namespace !== "file" || existsSync(path));
}

function importsForEffect(source: ts.SourceFile, specifier: string): boolean {
  return source.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) &&
      statement.importClause === undefined &&
      (statement.moduleSpecifier as ts.StringLiteral).text === specifier,
  );
}

function loaderOf(path: string): Loader {
  const [, kind = "js"] = /\.[cm]?([jt]sx?)$/.exec(basename(path)) ?? [];
  return kind as Loader;
}
