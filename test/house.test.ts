/** The arrows of the house: who may import whom. ARCHITECTURE.md draws them. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");

/** Source files of a folder, by their paths from the root. */
const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name).split(sep).join("/"));

/** Room → the rooms that it may import, besides itself. The most special name wins. */
const arrows: Record<string, string[]> = {
  "src/model": [],
  "src/artifacts": ["src/model"],
  "src/dsl": ["src/model", "src/artifacts"],
  "src/compiler": ["src/model"],
  "src/runtime/ports": ["src/model"],
  "src/runtime/ports.ts": ["src/model", "src/runtime/ports"],
  "src/runtime/controller": ["src/model", "src/artifacts", "src/runtime/ports.ts"],
  "src/runtime/agent": ["src/model", "src/artifacts", "src/runtime/ports.ts"],
  "src/runtime/store": ["src/model", "src/artifacts", "src/runtime/ports.ts"],
  "src/runtime/hub": ["src/model", "src/runtime/ports.ts"],
  "src/tasks": ["src/model", "src/artifacts", "src/compiler", "src/runtime"],
  "src/source.ts": ["src/model", "src/dsl", "src/compiler", "src/runtime"],
  "src/open.ts": [
    "src/model",
    "src/artifacts",
    "src/dsl",
    "src/compiler",
    "src/runtime",
    "src/source.ts",
    "src/tasks",
    "src/open",
  ],
  "src/open": ["src/model", "src/dsl", "src/runtime", "src/source.ts", "src/tasks", "src/open.ts"],
  "src/testing": ["src/model", "src/artifacts", "src/dsl", "src/compiler", "src/runtime", "src/source.ts"],
  "src/vitest.ts": [],
  // The page shares words and pictures with the terminal, and asks the hub as any client does: by the table of its API.
  web: [
    "src/model",
    "src/cli/graph",
    "src/cli/changes.ts",
    "src/cli/compare-runs.ts",
    "src/cli/view/text.ts",
    "src/runtime/ports.ts",
    "src/runtime/controller/waiting.ts",
    ...["api.ts", "wire.ts", "subscription.ts", "client/request.ts", "client/messages.ts"].map(
      (file) => `src/runtime/hub/${file}`,
    ),
  ],
  "src/cli": ["src/model", "src/artifacts", "src/dsl", "src/compiler", "src/runtime", "src/tasks", "src/open.ts"],
};

/** Library → the rooms that it lives in. What is not here may not be imported at all. */
const libraries: Record<string, string[]> = {
  zod: ["src/model", "src/runtime/hub"],
  hono: ["src/runtime/hub"],
  "@hono/node-server": ["src/runtime/hub"],
  pino: ["src/runtime/hub"],
  "prom-client": ["src/runtime/hub"],
  devalue: ["src/model"],
  "ts-morph": ["src/compiler"],
  esbuild: ["src/compiler", "src/vitest.ts"],
  "node:sqlite": ["src/runtime/store"],
  // The model has only its types: handles of tasks have streams.
  rxjs: ["src/runtime/controller", "src/tasks", "src/open.ts", "src/model/task-handle.ts"],
  immer: ["src/runtime/controller"],
  commander: ["src/cli"],
  "log-update": ["src/cli"],
  picocolors: ["src/cli"],
  react: ["web"],
  "react-dom": ["web"],
  vite: ["web"],
  "@vitejs/plugin-react": ["web"],
  "@tanstack/react-virtual": ["web"],
  uplot: ["web"],
  ansi_up: ["web"],
  "markdown-to-jsx": ["web"],
};

type Import = { from: string; to: string; typeOnly: boolean };

const files = [...filesIn("src"), ...filesIn("web")];

const imports: Import[] = files.flatMap((from) => {
  const text = readFileSync(join(root, from), "utf8");
  const static_ = [...text.matchAll(/^(?:import|export)\s+(type\s)?[^;"]*?from\s+"([^"]+)"/gms)];
  const dynamic = [...text.matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g)];
  return [
    ...static_.map((match) => ({ from, to: target(from, match[2] as string), typeOnly: match[1] !== undefined })),
    ...dynamic.map((match) => ({ from, to: target(from, match[1] as string), typeOnly: false })),
  ];
});

function target(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier.startsWith("node:") ? specifier : packageOf(specifier);
  return relative(root, resolve(root, dirname(from), specifier))
    .split(sep)
    .join("/");
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function isIn(file: string, room: string): boolean {
  return file === room || file.startsWith(`${room}/`);
}

function roomOf(file: string): string | undefined {
  const rooms = Object.keys(arrows).filter((room) => isIn(file, room));
  return rooms.sort((a, b) => b.length - a.length)[0];
}

describe("the house", () => {
  it("has a room for every file", () => {
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  it("keeps to the arrows between its rooms", () => {
    const wrong = imports.filter(({ from, to }) => {
      if (!/^(src|web)\//.test(to)) return false;
      const room = roomOf(from) as string;
      return !isIn(to, room) && !arrows[room]?.some((other) => isIn(to, other));
    });
    expect(wrong.map(({ from, to }) => `${from} imports ${to}, which its room may not`)).toEqual([]);
  });

  it("has each library in its room alone", () => {
    const wrong = imports.filter(({ from, to }) => {
      if (/^(src|web)\//.test(to)) return false;
      const homes = libraries[to];
      return homes === undefined ? !to.startsWith("node:") : !homes.some((room) => isIn(from, room));
    });
    expect(wrong.map(({ from, to }) => `${from} imports ${to}, which does not live there`)).toEqual([]);
  });

  it.each([
    ["what is bundled into steps", "src/dsl/index.ts"],
    ["the hub's client", "src/runtime/hub/client/open.ts"],
  ])("keeps zod out of %s", (_, entry) => {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const { from, to, typeOnly } of imports) if (from === file && !typeOnly) visit(to);
    };
    visit(entry);
    expect(reached).not.toContain("zod");
  });

  it("imports zod as a namespace, of which bundles leave out what is not used: its sentences in fifty languages", () => {
    const wrong = files.filter((file) =>
      /^import (?!type |\* as )[^;]*from "zod"/m.test(readFileSync(join(root, file), "utf8")),
    );
    expect(wrong).toEqual([]);
  });

  it("has nothing in the page that only Node has", () => {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const { from, to, typeOnly } of imports) if (from === file && !typeOnly) visit(to);
    };
    visit("web/main.tsx");
    // `web/node.ts` stands in for these.
    const known = ["node:async_hooks", "node:crypto", "node:util"];
    expect([...reached].filter((name) => name.startsWith("node:") && !known.includes(name))).toEqual([]);
  });

  it("has no circle of imports", () => {
    const next = new Map<string, string[]>();
    for (const { from, to, typeOnly } of imports)
      if (!typeOnly && /^(src|web)\//.test(to)) next.set(from, [...(next.get(from) ?? []), to]);
    const done = new Set<string>();
    const circle = (file: string, path: string[]): string[] | undefined => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      if (done.has(file)) return undefined;
      for (const to of next.get(file) ?? []) {
        const found = circle(to, [...path, file]);
        if (found) return found;
      }
      done.add(file);
      return undefined;
    };
    for (const file of files) expect(circle(file, [])?.join(" → ")).toBeUndefined();
  });
});
