/** A method's arguments as a request, by the table of the API: for whoever asks a hub, a browser too. */
import { isQuery, namesIn, type Route, type Verb } from "../api.ts";
import { toWire } from "../wire.ts";

type Request = {
  verb: Verb /** Under the API's base, with its query. */;
  path: string /** JSON text. */;
  body?: string;
};

export function requestOf({ verb, path, args }: Route, given: readonly unknown[]): Request {
  const named = Object.assign({}, ...args.map((name, i) => (name === "..." ? given[i] : { [name]: given[i] })));
  const inPath = new Set(namesIn(path));
  const rest = Object.entries(named).filter(([name, value]) => !inPath.has(name) && value !== undefined);
  const place = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(named[name])));
  if (isQuery(verb)) return { verb, path: place + queryOf(rest) };
  return { verb, path: place, body: toWire(Object.fromEntries(rest)) };
}

export function queryOf(entries: [string, unknown][]): string {
  const query = new URLSearchParams();
  for (const [name, value] of entries) {
    const values = Array.isArray(value) ? value : [value];
    for (const each of values.length === 0 ? [""] : values) query.append(name, String(each));
  }
  return query.size === 0 ? "" : `?${query}`;
}
