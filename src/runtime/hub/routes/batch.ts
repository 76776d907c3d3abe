/** Several changes in one request: what a client asks for in one turn of its event loop is done in that order, and where the store can, in one transaction. */
import * as z from "zod";
import { mayActAs } from "../../../model/token.ts";
import type { Store } from "../../ports.ts";
import { base, type Verb } from "../api.ts";
import { checked } from "../body.ts";
import { Refusal, toWireError } from "../errors.ts";
import { longestName, onceBy } from "./once.ts";
import { pathIn } from "./path.ts";
import { json } from "./ports.ts";
import type { Asked, Served } from "./route.ts";

type Item = { verb: Verb; path: string; name?: string; body?: unknown };

/** Of those routes, which answer at once. `failed` hears of what is our bug. */
export function batchRoute(store: Store, routes: readonly Served[], failed: (error: unknown) => void): Served {
  const patterns = routes.map((route) => ({
    route,
    pattern: new RegExp(`^${route.path.replace(/\{\w+\}/g, "[^/]+")}$`),
  }));
  const routeOf = ({ verb, path }: Item): Served => {
    const found = patterns.find(({ route, pattern }) => route.verb === verb && pattern.test(base + path));
    if (found === undefined) throw new Refusal("NotFound", `no change is found at ${verb} ${path}`);
    return found.route;
  };

  /** Asks the store before it gives the event loop back. */
  async function answer(item: Item, asked: Asked): Promise<{ status: number; body?: unknown }> {
    try {
      const route = routeOf(item);
      const { role } = asked.caller;
      if (route.role !== "anyone" && !mayActAs(role, route.role))
        throw new Refusal("Forbidden", `the token has the role ${role}, and ${item.path} takes the role ${route.role}`);
      const input = route.takes ? checked(route.takes, item.body ?? {}) : {};
      const path = pathIn(route.path, base + item.path);
      const value = await route.value!({ ...asked, path, input, once: onceBy(store, asked.caller, item.name) });
      return value === undefined ? { status: 204 } : { status: 200, body: value };
    } catch (error) {
      const { status, body } = toWireError(error);
      if (status === 500) failed(error);
      return { status, body };
    }
  }

  return {
    verb: "POST",
    path: `${base}/batch`,
    role: "reader",
    says: "several changes, in that order; each is answered for itself, and takes the role that it takes alone; one with a name is made once",
    takes: z.strictObject({
      requests: z
        .array(
          z.strictObject({
            verb: z.enum(["POST", "PUT", "PATCH", "DELETE"]),
            path: z.string(),
            name: z.string().min(1).max(longestName).optional(),
            body: z.record(z.string(), z.unknown()).optional(),
          }),
        )
        .max(10_000),
    }),
    gives: z.strictObject({ answers: z.array(z.strictObject({ status: z.int(), body: z.unknown().optional() })) }),
    async answer(asked) {
      const { requests } = asked.input as { requests: Item[] };
      return json({ answers: await Promise.all(requests.map((item) => answer(item, asked))) });
    },
  };
}
