/** Tokens: what somebody shows to a hub. The secret is known to its holder alone; the store keeps its hash. */
import { createHash, randomBytes } from "node:crypto";
import type { Hash } from "./hash.ts";

/** In this order: each may do what those before it may. */
export const roles = ["reader", "agent", "author", "admin"] as const;
export type Role = (typeof roles)[number];

export type Token = {
  /** Names it where it is listed and revoked. */
  id: string;
  /** For people: whose it is, or what it is for. */
  name: string;
  role: Role;
  /** Of the secret. */
  hash: Hash;
  createdAt: number;
  /** Milliseconds since 1970; absent: it does not expire. */
  expiresAt?: number;
  revokedAt?: number;
};

/** So that people, and programs that look for leaked secrets, know one when they see it. */
const prefix = "reprise_";

/** A new secret, of 256 random bits, and what is kept of it. `at`: milliseconds since 1970. */
export function newToken(
  given: Pick<Token, "name" | "role" | "expiresAt">,
  at: number,
): { secret: string; token: Token } {
  const secret = prefix + randomBytes(32).toString("base64url");
  return { secret, token: { id: randomBytes(4).toString("hex"), ...given, hash: tokenHash(secret), createdAt: at } };
}

/** A secret of so many random bits needs no slow hash, and no salt. */
export const tokenHash = (secret: string): Hash => `sha256:${createHash("sha256").update(secret).digest("hex")}`;

/** Neither revoked nor expired at that time. */
export const isValid = (
  { expiresAt = Number.POSITIVE_INFINITY, revokedAt }: Pick<Token, "expiresAt" | "revokedAt">,
  at: number,
): boolean => revokedAt === undefined && at < expiresAt;

export const mayActAs = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least);
