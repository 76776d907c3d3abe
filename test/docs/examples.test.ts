/** Everything that the guide shows is done here, as a reader would do it. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it, test, vi } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import { open } from "../../src/open.ts";
import { type File, isShown, type Page, readPage, saidResult } from "./page.ts";
import { projectsFolder, shell, typeErrors, writeProject } from "./project.ts";

const docs = join(import.meta.dirname, "../../docs");

/** `problems.md` has tests of its own: it is made from programs that are compiled. */
const guide = readdirSync(docs).filter((name) => name.endsWith(".md") && name !== "problems.md");
const pages = ["../README.md", ...guide].map((name) => readPage(name, readFileSync(join(docs, name), "utf8")));

const declaresPipeline = ({ code }: File) => /^(?:export default pipeline|@pipeline)\b|= pipeline\.graph\(/m.test(code);

const root = projectsFolder();
const folderOf = ({ name }: Page) => join(root, name.replace(/\W+/g, "-"));

beforeAll(async () => {
  for (const page of pages) writeProject(folderOf(page), page.files);
  for (const page of pages)
    for (const file of page.files)
      if (declaresPipeline(file) && saidResult(file) === undefined) await compileAhead(page, file);
}, 240_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Here a compile takes a tenth of what it takes in a process of its own: commands find it done, and programs, which ask for it by name. */
async function compileAhead(page: Page, { path, code }: File): Promise<void> {
  const cache = join(folderOf(page), ".reprise/cache");
  for (const pipeline of [undefined, /pipeline\("([^"]+)"/.exec(code)?.[1]])
    await compile(join(folderOf(page), path), { cache, ...(pipeline !== undefined && { pipeline }) }).catch(() => {});
}

test("all files of the guide are right to TypeScript", { timeout: 240_000 }, async () => {
  expect(await typeErrors(root)).toEqual([]);
});

describe.concurrent.each(pages.filter(({ commands }) => commands.length > 0))("$name", (page) => {
  it("prints what it shows", { timeout: 240_000 }, async ({ expect }) => {
    for (const { line, script, prints, exitCode } of page.commands) {
      const { code, printed } = await shell(script, folderOf(page));
      if (prints !== undefined && !isShown(printed, prints)) expect(printed, `${page.name}:${line}`).toBe(prints);
      expect(code, `${page.name}:${line}\n${printed}`).toBe(exitCode);
    }
  });
});

const results = pages.flatMap((page) =>
  page.files.flatMap((file) => {
    const said = saidResult(file);
    return said === undefined ? [] : [{ at: `${page.name}: ${file.path}`, folder: folderOf(page), file, said }];
  }),
);

describe("called and run, a pipeline gives what its last line says", () => {
  // What a step reports in a plain call is printed.
  beforeAll(() => void vi.spyOn(console, "log").mockImplementation(() => {}));
  afterAll(() => void vi.restoreAllMocks());

  it.each(results)("$at", async ({ folder, file, said }) => {
    const path = join(folder, file.path);
    if (/^export default pipeline\(/m.test(file.code)) {
      const { default: plain }: { default(params: object): Promise<unknown> } = await import(path);
      expect(inWords(await plain({}))).toBe(said);
    }
    await using reprise = await open({ store: join(folder, "store"), isolation: "inline" });
    const run = await reprise.start({ file: path });
    expect(inWords(await run.result())).toBe(said);
  });
});

const inWords = (value: unknown) => inspect(value, { depth: null, breakLength: Number.POSITIVE_INFINITY });

it("runs every pipeline of the guide", () => {
  const notRun = pages.flatMap(({ name, files, commands }) =>
    files
      .filter(declaresPipeline)
      .filter((file) => saidResult(file) === undefined)
      .filter(({ path }) => !commands.some(({ script }) => script.includes(path)))
      .filter(({ path }) => !files.some(({ code }) => code.includes(`"./${path}"`)))
      .map(({ path }) => `${name}: ${path}`),
  );
  expect(notRun).toEqual([]);
});

it("leaves nothing undone but this", () => {
  expect(pages.flatMap(({ notRun }) => notRun)).toEqual([
    "../README.md: the checkout is installed already; continuous integration does it on a fresh one",
    "../README.md: these are the tests",
    "../README.md: a fragment; examples/artifacts is whole",
    "../README.md: a fragment; examples/custom-pipeline is whole",
    "../README.md: the tasks are the reader's own",
    "first-pipeline.md: it needs a registry",
    "runs.md: it goes on until Ctrl-C",
  ]);
});

it("links to what is there", () => {
  const broken = pages.flatMap(({ name, links }) =>
    links.filter((link) => !isThere(join(docs, dirname(name)), link, name)).map((link) => `${name} → ${link}`),
  );
  expect(broken).toEqual([]);
});

/** A file, or a heading of a page. */
function isThere(folder: string, link: string, page: string): boolean {
  const [path, heading] = link.split("#");
  const file = join(folder, path || basename(page));
  if (heading === undefined || !existsSync(file)) return existsSync(file);
  const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, text]) => anchor(text!));
  return headings.includes(heading);
}

const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
