/** A registry of packages on this machine, as npm asks one: what it serves is made of texts, and it counts what is fetched. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export type Published = { name: string; version: string; files?: Record<string, string>; manifest?: object };

export interface Registry extends AsyncDisposable {
  /** What tells npm of it, and to keep what it fetches in the folder. */
  env(cache: string): { [name: `npm_config_${string}`]: string };
  /** `fast@1.0.0`, once for each time that its content was fetched. */
  readonly fetched: string[];
  /** Holds contents back until what it gives is called. */
  hold(): () => void;
  /** Resolves when a content is asked for. */
  asked(): Promise<void>;
}

export async function startRegistry(packages: readonly Published[]): Promise<Registry> {
  const tarballs = new Map(packages.map((each) => [`${each.name}@${each.version}`, tarball(each)]));
  const fetched: string[] = [];
  const asking: (() => void)[] = [];
  let held = Promise.resolve();

  const server = createServer(async ({ url = "" }, response) => {
    const [path = ""] = decodeURIComponent(url.slice(1)).split("?");
    const content = tarballs.get(path);
    if (content === undefined) return answer(response, metadata(path));
    for (const hear of asking.splice(0)) hear();
    await held;
    fetched.push(path);
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  function metadata(name: string): object | undefined {
    const versions = packages.filter((each) => each.name === name);
    if (versions.length === 0) return undefined;
    const entries = versions.map((each) => {
      const id = `${each.name}@${each.version}`;
      const shasum = createHash("sha1").update(tarballs.get(id)!).digest("hex");
      const { scripts } = { scripts: {}, ...each.manifest } as { scripts: object };
      const hasInstallScript = Object.keys(scripts).length > 0;
      return [
        each.version,
        { ...manifestOf(each), hasInstallScript, dist: { tarball: address + id, shasum } },
      ] as const;
    });
    return { name, "dist-tags": { latest: versions.at(-1)!.version }, versions: Object.fromEntries(entries) };
  }

  return {
    env: (cache) => ({ npm_config_registry: address, npm_config_cache: cache, npm_config_fetch_retries: "0" }),
    fetched,
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    asked: () => new Promise((resolve) => asking.push(resolve)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(response: ServerResponse, found: object | undefined): void {
  if (found === undefined) response.statusCode = 404;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(found ?? { error: "not found" }));
}

const manifestOf = ({ name, version, manifest }: Published) => ({ name, version, main: "index.js", ...manifest });

function tarball(each: Published): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "reprise-package-"));
  try {
    const files = { "package.json": JSON.stringify(manifestOf(each)), "index.js": "", ...each.files };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, "package", path)), { recursive: true });
      writeFileSync(join(folder, "package", path), text);
    }
    return execFileSync("tar", ["-cz", "-C", folder, "package"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
