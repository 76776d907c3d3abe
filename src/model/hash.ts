import { hash } from "node:crypto";

/** The name of a content: `sha256:` and 64 hexadecimal digits. */
export type Hash = `sha256:${string}`;

export const hashPattern = /^sha256:[0-9a-f]{64}$/;

export function hashOf(content: string | Uint8Array): Hash {
  return `sha256:${hash("sha256", content)}`;
}
