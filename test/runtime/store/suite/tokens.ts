import { describe, expect, test } from "vitest";
import { newToken, tokenHash } from "../../../../src/model/token.ts";
import { ConflictError, type Store } from "../../../../src/runtime/ports.ts";
import type { OpenStore } from "./fixtures.ts";

/** A store elsewhere has a token of this name, which lets the tests in. */
export const suiteToken = "suite";

export function tokensSuite(open: OpenStore): void {
  describe("tokens", () => {
    test("are kept without their secrets, found by the hash of one, and listed in the order in which they were made", async () => {
      await using store = await open();
      const one = newToken({ name: "one", role: "admin", expiresAt: 5 }, 1);
      const other = newToken({ name: "other", role: "reader" }, 2);
      await store.tokens.keep(other.token);
      await store.tokens.keep(one.token);
      expect(await listed(store)).toEqual([one.token, other.token]);
      expect(await store.tokens.find(tokenHash(one.secret))).toEqual(one.token);
      expect(await store.tokens.find(tokenHash("reprise_x"))).toBeUndefined();
    });

    test("are revoked once, and stay listed", async () => {
      await using store = await open();
      const { token } = newToken({ name: "one", role: "admin" }, 1);
      await store.tokens.keep(token);
      await store.tokens.revoke(token.id);
      const [revoked] = await listed(store);
      expect(revoked).toEqual({ ...token, revokedAt: expect.any(Number) });
      await store.tokens.revoke(token.id);
      expect(await listed(store)).toEqual([revoked]);
      await expect(store.tokens.revoke("nobody")).rejects.toThrow(ConflictError);
    });
  });
}

const listed = async ({ tokens }: Store) => (await tokens.list()).filter(({ name }) => name !== suiteToken);
