/** Contents, by streaming both ways: none of a large one is in memory. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import * as z from "zod";
import { type Hash, hashPattern } from "../../../model/hash.ts";
import type { Store } from "../../ports.ts";
import { base } from "../api.ts";
import { piecesOf } from "../body.ts";
import { Refusal } from "../errors.ts";
import { role } from "./artifacts.ts";
import { json } from "./ports.ts";
import type { Asked, Served } from "./route.ts";

const binary = "application/octet-stream";

export function contentRoutes(store: Store): Served[] {
  return [
    {
      verb: "GET",
      path: `${base}/blobs/{hash}`,
      role: "reader",
      says: "a content, or the range of it that is asked for",
      givesContent: binary,
      answer: ({ request, path }) => contentAnswer(store, hashIn(path), request, { "content-type": binary }),
    },
    {
      verb: "GET",
      path: `${base}/blobs/{hash}/size`,
      role: "reader",
      says: "how many bytes a content has",
      gives: z.strictObject({ bytes: z.int() }),
      answer: async ({ path }) => json({ bytes: (await stat(await fileOf(store, hashIn(path)))).size }),
    },
    {
      verb: "PUT",
      path: `${base}/blobs/{hash}`,
      role: "agent",
      says: "keeps a content; refused where it does not have that hash",
      takesContent: binary,
      answer: (asked) => keep(store, asked, hashIn(asked.path)),
    },
    {
      verb: "GET",
      path: `${base}/tasks/{task}/artifacts/content`,
      role: "reader",
      says: "the content of an artifact, or the range of it that is asked for",
      takes: z.strictObject({ name: z.string(), role: role.default("output") }),
      givesContent: binary,
      answer: (asked) => artifact(store, asked),
    },
  ];
}

function hashIn({ hash }: Record<string, string>): Hash {
  if (!hashPattern.test(hash!)) throw new Refusal("InputError", `"${hash}" is not a sha256: hash`);
  return hash as Hash;
}

async function fileOf(store: Store, hash: Hash): Promise<string> {
  return store.blobs.file(hash).catch(() => {
    throw new Refusal("NotFound", `the store has no content ${hash}`);
  });
}

/** Hashed as it comes, beside its place. */
async function keep(store: Store, { request }: Asked, hash: Hash): Promise<Response> {
  const { spool } = store.blobs;
  await mkdir(spool, { recursive: true });
  const file = join(spool, `upload-${randomUUID()}`);
  const digest = createHash("sha256");
  let bytes = 0;
  try {
    await using handle = await open(file, "wx");
    for await (const piece of piecesOf(request)) {
      digest.update(piece);
      bytes += piece.length;
      await handle.writeFile(piece);
    }
    const found = `sha256:${digest.digest("hex")}`;
    if (found !== hash) throw new Refusal("InputError", `what came has the hash ${found}, and not ${hash}`);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
  await store.blobs.adopt(file, hash, bytes);
  return new Response(null, { status: 204 });
}

/** Nothing in it runs in the hub's own name, whatever a step has called it. */
async function artifact(store: Store, { request, path, input }: Asked): Promise<Response> {
  const { name, role } = input as { name: string; role: "input" | "output" };
  const found = (await store.artifacts.list(path.task!)).find((each) => each.name === name && each.role === role);
  if (found === undefined) throw new Refusal("NotFound", `the task ${path.task} has no artifact "${name}"`);
  return contentAnswer(store, found.hash, request, {
    "content-type": /^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/.test(found.type) ? found.type : binary,
    "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
  });
}

async function contentAnswer(
  store: Store,
  hash: Hash,
  { headers: asked }: Request,
  headers: Record<string, string>,
): Promise<Response> {
  const tag = `"${hash}"`;
  const about = {
    ...headers,
    etag: tag,
    "accept-ranges": "bytes",
    "cache-control": "private, immutable, max-age=31536000",
  };
  if (asked.get("if-none-match") === tag) return new Response(null, { status: 304, headers: about });
  const file = await fileOf(store, hash);
  const { size } = await stat(file);
  const range = rangeIn(asked.get("range"), size);
  if (range === "none")
    return new Response(null, { status: 416, headers: { ...about, "content-range": `bytes */${size}` } });
  const { from, to } = range ?? { from: 0, to: size - 1 };
  const content = size === 0 ? null : Readable.toWeb(createReadStream(file, { start: from, end: to }));
  return new Response(content as ReadableStream | null, {
    status: range ? 206 : 200,
    headers: {
      ...about,
      "content-length": String(size === 0 ? 0 : to - from + 1),
      ...(range && { "content-range": `bytes ${from}-${to}/${size}` }),
    },
  });
}

/** One range of bytes; undefined where all is asked for, also by what is not understood (RFC 9110, 14.2). */
function rangeIn(header: string | null, size: number): { from: number; to: number } | "none" | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || first + last === "") return undefined;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  return from > to || from >= size ? "none" : { from, to };
}
