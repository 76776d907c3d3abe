/**
 * A bundler that splits code puts modules together that the same entries need, and of forty entries hardly two need the same: a first step would read a
 * hundred small files. So modules of what a run needs are put into few groups, and an entry that needs one of a group gets all of it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";

type Imports = Metafile["inputs"];
/** The paths of its modules, each after those that it imports. */
type Group = { name: string; modules: string[] };

const namespace = "group";

/** Groups the modules of ours that `heavy` entries import. Those that one of the `light` entries imports, too, are apart from what it does not need. */
export async function grouped(options: BuildOptions, heavy: string[], light: string[]): Promise<Plugin> {
  const { metafile } = await build({ ...options, splitting: true, metafile: true, write: false });
  const groups = groupsOf(metafile.inputs, heavy, light);
  const entries = new Map<string, Group[]>();
  for (const { entryPoint } of Object.values(metafile.outputs)) {
    if (entryPoint === undefined) continue;
    const needed = closure(metafile.inputs, [entryPoint]);
    entries.set(
      join(options.absWorkingDir!, entryPoint),
      groups.filter(({ modules }) => modules.some((path) => needed.has(path))),
    );
  }
  return plugin(options.absWorkingDir!, groups, entries);
}

function groupsOf(inputs: Imports, heavy: string[], light: string[]): Group[] {
  const needs = light.map((entry) => closure(inputs, [entry]));
  const groups = new Map<string, string[]>();
  for (const path of closure(inputs, heavy)) {
    if (path.includes("node_modules/")) continue;
    const name = needs.map((needed) => Number(needed.has(path))).join("");
    groups.set(name, [...(groups.get(name) ?? []), path]);
  }
  return [...groups].map(([name, modules]) => ({ name, modules }));
}

/** What is imported at once by those, directly or not, each after what it imports itself. */
function closure(inputs: Imports, entries: string[]): Set<string> {
  const seen = new Set<string>();
  const ordered = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { kind, path: imported, external } of inputs[path]?.imports ?? [])
      if (kind === "import-statement" && !external) visit(imported);
    ordered.add(path);
  };
  entries.forEach(visit);
  return ordered;
}

/** Has entries import their groups first. */
function plugin(root: string, groups: Group[], entries: Map<string, Group[]>): Plugin {
  const inGroups = new Set(groups.flatMap(({ modules }) => modules.map((path) => join(root, path))));
  return {
    name: "groups",
    setup(bundler) {
      bundler.onResolve({ filter: /^group:/ }, ({ path }) => ({ path, namespace }));
      bundler.onLoad({ filter: /./, namespace }, ({ path }) => ({
        contents: groups
          .find(({ name }) => `group:${name}` === path)!
          .modules.map((module) => `import "./${module}";`)
          .join("\n"),
        resolveDir: root,
      }));
      // A module that a group imports is there, whether or not anybody uses what it gives.
      bundler.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) => {
        const file = join(resolveDir, path);
        return inGroups.has(file) ? { path: file, sideEffects: true } : undefined;
      });
      bundler.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const needed = entries.get(path);
        if (needed === undefined) return;
        const imports = needed.map(({ name }) => `import "group:${name}"; `).join("");
        return { contents: `${imports}${readFileSync(path, "utf8")}`, loader: "ts" };
      });
    },
  };
}
