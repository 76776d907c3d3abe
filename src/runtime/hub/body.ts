/** What a request brings: read whole within limits of size and time, or handed on piece by piece. */
import type * as z from "zod";
import { parseJson } from "../../model/json.ts";
import { isQuery, type Verb } from "./api.ts";
import { Refusal } from "./errors.ts";
import { revived } from "./wire.ts";

const defaultLargestMb = 64;
const megabyte = 1024 * 1024;
/** JSON must have come by then. */
const wholeMs = 30_000;
/** Content may take long, but not without a piece of it for so long. */
const pieceMs = 30_000;

const toldProblems = 5;

type Takes = { verb: Verb; takes?: z.ZodObject; largestMb?: number };

/** What the schema lets in. Rejects with a Refusal. */
export async function inputOf({ verb, takes, largestMb }: Takes, request: Request): Promise<Record<string, unknown>> {
  if (takes === undefined) return {};
  const given = isQuery(verb)
    ? fromQuery(new URL(request.url).searchParams, takes)
    : await fromBody(request, (largestMb ?? defaultLargestMb) * megabyte);
  return checked(takes, given);
}

/** Throws a Refusal that says what does not fit. */
export function checked(takes: z.ZodObject, given: unknown): Record<string, unknown> {
  const parsed = takes.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`,
  );
  throw new Refusal("InputError", problems.slice(0, toldProblems).join("; "));
}

/** The request's content, piece by piece. Throws a Refusal where no more of it comes. */
export async function* piecesOf({ body }: Request): AsyncGenerator<Uint8Array> {
  if (body !== null) yield* timely(body, () => Date.now() + pieceMs);
}

async function fromBody(request: Request, largest: number): Promise<unknown> {
  if (!/^application\/json\b/.test(request.headers.get("content-type") ?? ""))
    throw new Refusal("InputError", "the body is not declared as application/json");
  const tooLarge = () => new Refusal("TooLarge", `the body is larger than ${largest / megabyte} MB`);
  if (Number(request.headers.get("content-length")) > largest) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const until = Date.now() + wholeMs;
  if (request.body !== null)
    for await (const chunk of timely(request.body, () => until)) {
      bytes += chunk.length;
      if (bytes > largest) throw tooLarge();
      chunks.push(chunk);
    }
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return revived(parseJson(text), text);
  } catch (error) {
    throw new Refusal("InputError", `the body is no JSON that can be taken: ${(error as Error).message}`);
  }
}

async function* timely(body: ReadableStream<Uint8Array>, until: () => number): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  let timer: NodeJS.Timeout | undefined;
  try {
    for (;;) {
      const late = Promise.withResolvers<never>();
      late.promise.catch(() => {});
      timer = setTimeout(() => late.reject(new Refusal("Timeout", "the body came too slowly")), until() - Date.now());
      const { done, value } = await Promise.race([reader.read(), late.promise]);
      clearTimeout(timer);
      if (done) return;
      yield value;
    }
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => {});
  }
}

/** A key that may come several times is written several times; an empty list, once with nothing. */
function fromQuery(query: URLSearchParams, takes: z.ZodObject): unknown {
  return Object.fromEntries(
    [...new Set(query.keys())].map((key) => [key, valueIn(query.getAll(key), takes.shape[key])]),
  );
}

function valueIn(texts: string[], type: z.core.$ZodType | undefined): unknown {
  const [text] = texts;
  switch (type?._zod.def.type) {
    case "optional":
    case "default":
      return valueIn(texts, (type as z.ZodOptional).unwrap());
    case "array":
      return texts.length === 1 && text === "" ? [] : texts;
    case "number":
    case "int":
      return text === "" ? text : Number(text);
    case "boolean":
      return text === "true" || (text === "false" ? false : text);
    default:
      return text;
  }
}
