/** Makes a bundle the same from whatever folder it was built: paths in comments, in wrappers of CommonJS modules, and in the source map. */
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { nearest } from "./folders.ts";

export type Portable = { code: string; map: string };

/** `inputs`: what the bundler calls a module → its path, relative to `root`. The number of lines stays, but for a prelude that the map accounts for. */
export function portable(code: string, map: string, inputs: Map<string, string>, root: string): Portable {
  const names = [...inputs].map(([input, path]) => [input, named(path, root)] as const);
  const renamed = new Map(names.filter(([input, name]) => name !== input));
  const lines = renamed.size === 0 ? code : rename(code, renamed);
  const before = prelude(lines);
  const {
    mappings,
    names: identifiers,
    sources,
  } = JSON.parse(map) as { mappings: string; names: string[]; sources: string[] };
  const moved = ";".repeat(before.split("\n").length - 1) + mappings;
  const source = sources.map((path) => renamed.get(path) ?? path);
  return {
    code: before + lines,
    map: JSON.stringify({ version: 3, sources: source, names: identifiers, mappings: moved }),
  };
}

/** The bundler's stand-in for `require` asks for one, which an ES module does not have unless its author made one. */
function prelude(code: string): string {
  const isAsked = /^var __require = /m.test(code);
  const isThere = /^(?:var|let|const|function) require\b/m.test(code);
  return isAsked && !isThere
    ? 'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);\n'
    : "";
}

function rename(code: string, renamed: Map<string, string>): string {
  return code
    .split("\n")
    .map((line) => {
      const comment = /^(\s*\/\/ )(.*)$/.exec(line);
      if (comment) return `${comment[1]}${renamed.get(comment[2] as string) ?? comment[2]}`;
      // The header of a wrapped CommonJS module: "path/of/module.js"(exports, module) {
      const header = /^(\s+(?:async )?)"(.*)"(\(.*)$/.exec(line);
      return header && renamed.has(header[2] as string)
        ? `${header[1]}"${renamed.get(header[2] as string)}"${header[3]}`
        : line;
    })
    .join("\n");
}

/** `node_modules/ml-cart/lib/index.js` wherever packages are installed; for another folder's file, its package's name and its path there. */
function named(path: string, root: string): string {
  const packages = path.lastIndexOf("node_modules/");
  if (packages !== -1) return path.slice(packages);
  if (!path.startsWith("../")) return path;
  const absolute = resolve(root, path);
  const manifest = nearest(dirname(absolute), "package.json").path;
  if (manifest === undefined) return path.replace(/^(\.\.\/)+/, "");
  const { name = "" } = JSON.parse(readFileSync(manifest, "utf8")) as { name?: string };
  return join(name, relative(dirname(manifest), absolute)).replaceAll("\\", "/");
}
