/** The pages' projects: a folder each, as a reader would have it, with `reprise` from this checkout. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const checkout = join(import.meta.dirname, "../..");

const tsconfig = JSON.stringify({
  compilerOptions: {
    target: "esnext",
    module: "nodenext",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
    customConditions: ["reprise-source"],
    types: ["node"],
  },
});

const packages = ["@types/node", "vitest", "vite", "zod", "typescript"];

/** A folder for projects, with the packages that the pages use. */
export function projectsFolder(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "reprise-docs-")));
  const modules = join(root, "node_modules");
  mkdirSync(join(modules, "@types"), { recursive: true });
  symlinkSync(checkout, join(modules, "reprise"));
  for (const name of packages) symlinkSync(join(checkout, "node_modules", name), join(modules, name));
  writeFileSync(join(root, "tsconfig.json"), tsconfig);
  const bin = join(modules, ".bin");
  mkdirSync(bin);
  const command = (name: string, line: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\nexec ${line}\n`, { mode: 0o755 });
  command("npx", '"$@"');
  command("reprise", `"${process.execPath}" "${checkout}/src/cli/main.ts" "$@"`);
  command("vitest", `"${process.execPath}" "${checkout}/node_modules/vitest/vitest.mjs" "$@"`);
  return root;
}

export function writeProject(folder: string, files: readonly { path: string; code: string }[]): void {
  const all = [
    { path: "package.json", code: '{ "type": "module" }' },
    { path: "tsconfig.json", code: tsconfig },
    ...files,
  ];
  for (const { path, code } of all) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), code);
  }
}

/** What shell commands print in a folder, both streams together, as on a screen. */
export async function shell(script: string, folder: string): Promise<{ code: number | null; printed: string }> {
  const { PATH, HOME } = process.env;
  const bins = [join(dirname(folder), "node_modules/.bin"), dirname(process.execPath), PATH].join(":");
  const env = {
    PATH: bins,
    HOME,
    NO_COLOR: "1",
    NODE_OPTIONS: "--conditions=reprise-source",
    NODE_COMPILE_CACHE: join(tmpdir(), "reprise-compile-cache"),
  };
  const child = spawn("sh", ["-c", `exec 2>&1\nset -e\n${script}`], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, printed };
}

/** What TypeScript says of the files of a folder, a message each. Those of Reprise's own sources are looked at elsewhere. */
export async function typeErrors(folder: string): Promise<string[]> {
  const { printed } = await shell(`"${checkout}/node_modules/.bin/tsc" -p . --pretty false`, folder);
  // A message may take several lines, all but the first indented.
  return printed.split(/\n(?=\S)/).filter((message) => message !== "" && !message.startsWith(".."));
}
