import { randomUUID } from "node:crypto";
import { format } from "node:util";
import type { ArtifactContent, StepContext } from "../model/context.ts";
import type { Holder } from "./plain-call.ts";

/** The context of a step in a plain call: nothing is kept, everything is printed, and nobody aborts but who holds a handle to it. */
export function standIn(name: string, holder?: Pick<Holder, "signal" | "scalar">): StepContext {
  const id = randomUUID();
  const print = (text: string) => console.log("%s", `[${name}] ${text}`);
  return {
    id,
    name,
    attempt: 1,
    idempotencyKey: id,
    signal: holder?.signal ?? new AbortController().signal,
    scalar(title, series, value, iteration) {
      print(`${title} / ${series} at ${iteration}: ${value}`);
      holder?.scalar(title, series, { value, iteration });
    },
    progress: (fraction) => print(`${Math.round(fraction * 100)} %`),
    artifact: async (artifact, content) => print(`artifact ${artifact}: ${sizeOf(content)}`),
    log: (...parts) => print(format(...parts)),
  };
}

function sizeOf(content: ArtifactContent): string {
  const bytes = Buffer.byteLength(
    typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content),
  );
  return bytes < 1_000 ? `${bytes} bytes` : `${(bytes / 1_000).toFixed(1)} kB`;
}
