/**
 * Values between steps: plain data with Map, Set, Date, bigint, typed arrays, RegExp, URL, errors, `undefined`, `NaN`, `-0`, holes and
 * cycles, as text; artifacts by reference. Functions, class instances, promises and symbols are refused with a sentence that names the place.
 */
import { Artifact, type ArtifactFacts, type ArtifactReader, artifactFacts, isArtifact } from "./artifact.ts";
import { parse, stringify, unflatten } from "./encoder.ts";
import { errorOf, type Failure, failureOf, withoutStack } from "./failure.ts";
import { flatText, flatValue } from "./flat-value.ts";
import type { Hash } from "./hash.ts";
import { contentOf, type UnreadFacts, unread, unreadIn } from "./unread.ts";

/** Text above this many bytes is kept as a content-addressed artifact rather than in a row. */
export const largeBytes = 32 * 1024;

/** An input or output that cannot be passed: it holds a function, a class instance, a promise or a symbol. The message says where. */
export class ValueError extends TypeError {
  override name = "ValueError";
}

const reducers = {
  Error: (value: unknown) => value instanceof Error && withoutStack(failureOf(value)),
  Artifact: (value: unknown) => isArtifact(value) && artifactFacts(value),
  Unread: (value: unknown) => unreadFacts(value),
};
const revivers = {
  Error: (failure: Failure) => errorOf(failure),
  Artifact: (facts: ArtifactFacts) => new Artifact(facts),
  Unread: ({ blob, source, key }: UnreadFacts) => {
    const whole = unread(String(source), blob) as Record<string, unknown>;
    return key === undefined ? whole : whole[key];
  },
};

/** The outputs without content of the value that is being encoded, by their tasks, in the order in which they come. */
let sources = new Map<string, number>();

function unreadFacts(value: unknown): UnreadFacts | false {
  const found = unreadIn(value);
  if (found === undefined) return false;
  const { of, blob, key } = found;
  const source = sources.get(of) ?? sources.size;
  sources.set(of, source);
  return { blob, source, ...(key !== undefined && { key }) };
}

/** The value as text. `what` names it in the error, such as `the input of step "fit"`. */
export function encode(value: unknown, what = "the value"): string {
  const flat = flatText(value);
  if (flat !== undefined) return flat;
  if (sources.size > 0) sources = new Map();
  try {
    return stringify(value, reducers);
  } catch (error) {
    const { path, message } = error as { path?: string; message: string };
    throw new ValueError(
      `${what}${path ? ` (at ${path})` : ""} cannot be passed between steps: ${lowerFirst(message)}. ` +
        "Pass plain data, Map, Set, Date, RegExp, bigint, typed arrays, errors or artifacts",
    );
  }
}

/** `reader`: how the artifacts in it are read, where no step runs that says so. */
export function decode(text: string, reader?: ArtifactReader): unknown {
  const parsed: unknown = JSON.parse(text);
  const flat = flatValue(parsed);
  if (flat !== undefined) return flat.value;
  return unflatten(
    parsed as number | unknown[],
    reader ? { ...revivers, Artifact: (facts: ArtifactFacts) => new Artifact(facts, reader) } : revivers,
  );
}

/** The same, with the outputs in it that were handed on unread: at once, where there are none. `load` gives the text of a content. */
export function decodeWhole(
  text: string,
  load: (blob: Hash) => Promise<string>,
  reader?: ArtifactReader,
): unknown | Promise<unknown> {
  const parsed: unknown = JSON.parse(text);
  const flat = flatValue(parsed);
  if (flat !== undefined) return flat.value;
  const read = { ...revivers, ...(reader && { Artifact: (facts: ArtifactFacts) => new Artifact(facts, reader) }) };
  const missing = new Map<number, Hash>();
  const decoded = unflatten(parsed as number | unknown[], {
    ...read,
    Unread: ({ source, blob }: UnreadFacts) => void missing.set(source, blob),
  });
  if (missing.size === 0) return decoded;
  const loaded = [...missing].map(async ([source, blob]) => [source, decode(await load(blob), reader)] as const);
  return Promise.all(loaded).then((entries) => {
    const contents = new Map(entries);
    return parse(text, { ...read, Unread: (facts: UnreadFacts) => contentOf(contents.get(facts.source), facts) });
  });
}

/** The same text, with artifacts by their content alone: whichever task has made them, and under whatever name. */
export function byContent(text: string): string {
  if (!text.includes('["Artifact",')) return text;
  if (sources.size > 0) sources = new Map();
  const content = ({ kind, type, hash }: Artifact) => ({ kind, type, hash });
  return stringify(decode(text), {
    ...reducers,
    Artifact: (value: unknown) => isArtifact(value) && content(value),
  });
}

/** A copy such as a step receives: what `encode` and `decode` keep, and nothing else. */
export function copy<T>(value: T, what?: string): T {
  return decode(encode(value, what)) as T;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
