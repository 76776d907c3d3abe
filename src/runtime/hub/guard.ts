/** Who is let in: by the name under which the hub was called, by where a browser's page came from, and by the token. */
import { isIP } from "node:net";
import { isValid, mayActAs, type Role, tokenHash } from "../../model/token.ts";
import type { Store } from "../ports.ts";
import { Refusal } from "./errors.ts";
import type { Caller } from "./routes/route.ts";

export type GuardOptions = {
  /** Names, beside addresses and `localhost`, by which the hub may be called. */
  names: readonly string[];
  /** Does it listen on loopback alone? Then nobody needs a token as long as the store has none. */
  isLocal: boolean;
};

const local: Caller = { id: "local", role: "admin" };

export class Guard {
  readonly #store: Store;
  readonly #names: ReadonlySet<string>;
  readonly #isLocal: boolean;

  constructor(store: Store, { names, isLocal }: GuardOptions) {
    this.#store = store;
    this.#names = new Set(["localhost", ...names.map((name) => name.toLowerCase())]);
    this.#isLocal = isLocal;
  }

  /**
   * A page of another site must not reach the hub through somebody's browser: neither under a name of its own that it has made to point here, nor by a
   * request across sites. Throws a Refusal.
   */
  checkOrigin({ headers, url }: Request): void {
    const host = headers.get("host") ?? new URL(url).host;
    const name = host.replace(/:\d+$/, "").toLowerCase();
    // A name that somebody else gives out is the danger; an address says where it leads.
    if (isIP(name.replace(/^\[|\]$/g, "")) === 0 && !this.#names.has(name))
      throw new Refusal(
        "Forbidden",
        `the hub does not answer to the name "${host}": start it with --name ${name || "NAME"}`,
      );
    const origin = headers.get("origin");
    if (origin !== null && origin.replace(/^https?:\/\//, "") !== host)
      throw new Refusal("Forbidden", `the hub takes no requests from pages of ${origin}`);
    const site = headers.get("sec-fetch-site");
    if (site === "cross-site" || site === "same-site")
      throw new Refusal("Forbidden", "the hub takes no requests from pages of other sites");
  }

  /** Whoever asks. Rejects with a Refusal where the token is missing, unknown, expired or revoked, or its role may not do that. */
  async admit({ headers }: Request, least: Role): Promise<Caller> {
    const caller = await this.#callerOf(headers.get("authorization"));
    if (mayActAs(caller.role, least)) return caller;
    throw new Refusal(
      "Forbidden",
      `the token has the role ${caller.role}, and this takes ${articleOf(least)} ${least}'s`,
    );
  }

  /** Is what let the caller in still valid? */
  async isAllowed(caller: Caller): Promise<boolean> {
    if (caller === local) return (await this.#store.tokens.list()).length === 0;
    const token = (await this.#store.tokens.list()).find(({ id }) => id === caller.id);
    return token !== undefined && isValid(token, Date.now());
  }

  async #callerOf(authorization: string | null): Promise<Caller> {
    const { tokens } = this.#store;
    if (authorization === null) {
      if (this.#isLocal && (await tokens.list()).length === 0) return local;
      throw new Refusal(
        "Unauthorized",
        "the hub wants a token: set REPRISE_TOKEN to one that `reprise token create` has made",
      );
    }
    const secret = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    const token = secret === undefined ? undefined : await tokens.find(tokenHash(secret));
    if (token === undefined) throw new Refusal("Unauthorized", "the hub does not know the token");
    if (token.revokedAt !== undefined) throw new Refusal("Unauthorized", `the token "${token.name}" was revoked`);
    if (!isValid(token, Date.now())) throw new Refusal("Unauthorized", `the token "${token.name}" has expired`);
    return token;
  }
}

const articleOf = (role: Role): string => (/^a/.test(role) ? "an" : "a");
