/** An artifact as a step gives it: any content, as bytes with a type and a beginning to look at. */
import type { ArtifactContent, ArtifactOptions } from "../../../model/context.ts";

export type ArtifactDraft = { name: string; type: string; preview?: string; content: Uint8Array };

const previewLength = 400;

/** Strings and bytes are kept as they are, anything else as JSON. Throws a TypeError where JSON has no word for the content. */
export function artifactDraft(name: string, content: ArtifactContent, { type }: ArtifactOptions = {}): ArtifactDraft {
  if (content instanceof Uint8Array) return { name, type: type ?? "application/octet-stream", content };
  const text = typeof content === "string" ? content : jsonOf(name, content);
  const preview = text.slice(0, previewLength);
  const usual = typeof content === "string" ? "text/plain" : "application/json";
  return { name, type: type ?? usual, preview, content: Buffer.from(text, "utf8") };
}

function jsonOf(name: string, content: unknown): string {
  const json = JSON.stringify(content, null, 1);
  if (json === undefined)
    throw new TypeError(`the artifact "${name}" is ${typeof content}: pass text, bytes, or what JSON can hold`);
  return json;
}
