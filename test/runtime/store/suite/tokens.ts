import { describe, expect, test } from "vitest";
import { newToken, tokenHash } from "../../../../src/model/token.ts";
import { ConflictError } from "../../../../src/runtime/ports.ts";
import type { OpenStore } from "./fixtures.ts";

/** `open`: a store that has no tokens of its own to let the test in. */
export function tokensSuite(open: OpenStore): void {
  describe("tokens", () => {
    test("are kept without their secrets, found by the hash of one, and listed in the order in which they were made", async () => {
      await using store = await open();
      const one = newToken({ name: "one", role: "admin", expiresAt: 5 }, 1);
      const other = newToken({ name: "other", role: "reader" }, 2);
      await store.tokens.keep(other.token);
      await store.tokens.keep(one.token);
      expect(await store.tokens.list()).toEqual([one.token, other.token]);
      expect(await store.tokens.find(tokenHash(one.secret))).toEqual(one.token);
      expect(await store.tokens.find(tokenHash("reprise_x"))).toBeUndefined();
    });

    test("are revoked once, and stay listed", async () => {
      await using store = await open();
      const { token } = newToken({ name: "one", role: "admin" }, 1);
      await store.tokens.keep(token);
      await store.tokens.revoke(token.id);
      const [revoked] = await store.tokens.list();
      expect(revoked).toEqual({ ...token, revokedAt: expect.any(Number) });
      await store.tokens.revoke(token.id);
      expect(await store.tokens.list()).toEqual([revoked]);
      await expect(store.tokens.revoke("nobody")).rejects.toThrow(ConflictError);
    });
  });
}
