/**
 * Files that a step reads by `new URL("./penguins.csv", import.meta.url)`: they travel with the bundle as `files/penguins.csv`, and the code asks
 * for them there.
 */
import { readFileSync, statSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { ts } from "ts-morph";
import type { BundledFile } from "../model/bundle.ts";
import { hashOf } from "../model/hash.ts";
import type { Context } from "./context.ts";
import type { Edit } from "./edits.ts";
import { rules } from "./rules.ts";

export class DataFiles {
  /** Name in `files/` → absolute path. */
  readonly #files = new Map<string, string>();
  readonly #addresses = new Map<ts.SourceFile, Address[]>();

  /** Looks through the author's modules, in their order: the first file of a name keeps it, another one gets a part of its hash. */
  constructor(owned: ts.SourceFile[]) {
    for (const source of owned) this.#addresses.set(source, this.#find(source));
  }

  /** What points the module's addresses into `files/`. */
  edits(source: ts.SourceFile): Edit[] {
    return (this.#addresses.get(source) ?? []).flatMap(({ literal, name }) => edit(literal, name, source));
  }

  /** The same for a module of a package, by its text. */
  packageEdits(path: string, text: string): Edit[] {
    if (!/new URL\([^)]*import\.meta\.url/.test(text)) return [];
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    return this.#find(source).flatMap(({ literal, name }) => edit(literal, name, source));
  }

  /** The files that a bundle's code asks for, and where they lie. */
  in(code: string): { bundled: Record<string, BundledFile>; paths: string[] } {
    const used = [...this.#files].filter(([name]) =>
      code.includes(`new URL(${JSON.stringify(address(name))}, import.meta.url)`),
    );
    const inOrder = used.sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      bundled: Object.fromEntries(inOrder.map(([name, path]) => [`files/${name}`, bundledFile(path)])),
      paths: inOrder.map(([, path]) => path),
    };
  }

  /** Addresses in the code that name no file. */
  reportMissing(code: string, { problems }: Context): void {
    for (const [source, addresses] of this.#addresses)
      for (const { literal, name } of addresses)
        if (name === undefined && code.includes(`new URL(${JSON.stringify(literal.text)}, import.meta.url)`))
          problems.report(rules.missingFile, literal, { path: literal.text, reason: whyNot(target(literal, source)) });
  }

  #find(source: ts.SourceFile): Address[] {
    return addressesIn(source).map((literal) => {
      const path = target(literal, source);
      return isFile(path) ? { literal, name: this.#name(path) } : { literal };
    });
  }

  #name(path: string): string {
    const plain = basename(path);
    const taken = this.#files.get(plain);
    const extension = extname(plain);
    const name =
      taken === undefined || taken === path
        ? plain
        : `${basename(plain, extension)}-${hashOf(readFileSync(path)).slice("sha256:".length, "sha256:".length + 8)}${extension}`;
    this.#files.set(name, path);
    return name;
  }
}

/** `name` is absent where there is no such file. */
type Address = { literal: ts.StringLiteralLike; name?: string };

const address = (name: string) => `./files/${name}`;

function edit(literal: ts.StringLiteralLike, name: string | undefined, source: ts.SourceFile): Edit[] {
  return name === undefined
    ? []
    : [{ start: literal.getStart(source), end: literal.getEnd(), text: JSON.stringify(address(name)) }];
}

/** The relative literals of `new URL(literal, import.meta.url)`. */
function addressesIn(source: ts.SourceFile): ts.StringLiteralLike[] {
  const found: ts.StringLiteralLike[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "URL") {
      const [path, base] = node.arguments ?? [];
      if (path && base && ts.isStringLiteralLike(path) && isMeta(base, ["url"]) && isRelative(path.text))
        found.push(path);
    }
    ts.forEachChild(node, visit);
  };
  if (source.text.includes("import.meta.url")) visit(source);
  return found;
}

/** Uses of the module's own folder, which is another one where the step runs. */
export function ownFolderUses(source: ts.SourceFile): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (isMeta(node, ["dirname"]) || (ts.isIdentifier(node) && node.text === "__dirname")) found.push(node);
    else ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isMeta(node: ts.Node, names: string[]): boolean {
  return ts.isPropertyAccessExpression(node) && ts.isMetaProperty(node.expression) && names.includes(node.name.text);
}

const isRelative = (text: string) => !/^([a-z][a-z0-9+.-]*:|\/)/i.test(text);

function target(literal: ts.StringLiteralLike, source: ts.SourceFile): string {
  return resolve(dirname(source.fileName), decodeURIComponent(literal.text.replace(/[?#].*$/, "")));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function whyNot(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? "is a folder" : "is not there";
}

function bundledFile(path: string): BundledFile {
  const content = readFileSync(path);
  const hash = hashOf(content);
  try {
    return { hash, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content) };
  } catch {
    return { hash, base64: content.toString("base64") };
  }
}
