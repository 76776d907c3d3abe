/** The page: built files, read once, compressed once. Every address that is none of theirs is a view of the page, which finds out which. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { gzipSync } from "node:zlib";

export interface Page {
  /** Undefined where it has nothing there: a program asks, or the file is not part of it. */
  answer(request: Request): Response | undefined;
}

/** Throws where the folder has no `index.html`. */
export function pageIn(folder: string): Page {
  const files = new Map(filesIn(folder).map((path) => [`/${path}`, () => readFileSync(join(folder, path))]));
  const index = files.get("/index.html");
  if (index === undefined) throw new Error(`${folder} has no index.html`);
  const kept = new Map<string, Content>();
  const contentOf = (path: string, read: () => Buffer): Content => {
    const content = kept.get(path) ?? compressed(path, read());
    kept.set(path, content);
    return content;
  };
  return {
    answer(request) {
      if (request.method !== "GET" && request.method !== "HEAD") return undefined;
      const { pathname } = new URL(request.url);
      const read = files.get(pathname);
      if (read !== undefined && pathname !== "/index.html") return answerOf(contentOf(pathname, read), request);
      const isView = !/^\/(api|assets)\//.test(pathname) && request.headers.get("accept")?.includes("text/html");
      return isView ? answerOf(contentOf("/index.html", index), request) : undefined;
    },
  };
}

type Content = { plain: Buffer; zipped: Buffer; type: string; tag: string; cache: string };

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).split(sep).filter(Boolean).join("/"));

function compressed(path: string, plain: Buffer): Content {
  return {
    plain,
    zipped: gzipSync(plain, { level: 9 }),
    type: types[extname(path)] ?? "application/octet-stream",
    tag: `"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`,
    // Names of assets hold a hash of what is in them.
    cache: path.startsWith("/assets/") ? "public, immutable, max-age=31536000" : "no-cache",
  };
}

function answerOf({ plain, zipped, type, tag, cache }: Content, { method, headers: asked }: Request): Response {
  const headers: Record<string, string> = {
    "content-type": type,
    "cache-control": cache,
    etag: tag,
    vary: "accept-encoding",
  };
  if (asked.get("if-none-match") === tag) return new Response(null, { status: 304, headers });
  const isZipped = /\bgzip\b/.test(asked.get("accept-encoding") ?? "");
  if (isZipped) headers["content-encoding"] = "gzip";
  const body = isZipped ? zipped : plain;
  headers["content-length"] = String(body.length);
  return new Response(method === "HEAD" ? null : new Uint8Array(body), { headers });
}
