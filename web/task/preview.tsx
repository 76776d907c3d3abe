/** What an artifact holds, as its kind is best looked at: a picture, a table, a text, a value. */
import { useEffect, useState } from "react";
import type { KeptArtifact } from "../../src/model/artifact.ts";
import { fetchHub } from "../hub/ask.ts";
import { csvTable, DataTable, tableOf } from "../parts/data-table.tsx";
import { Trouble } from "../parts/facts.tsx";
import { Markdown } from "../parts/markdown.tsx";
import { Value } from "../parts/value.tsx";

/** Of what is larger, the beginning is shown that was kept with it. */
const largestShown = 1_000_000;
const pictures = /^image\/(png|jpeg|gif|webp|svg\+xml)$/;
const texts = /^(text\/|application\/(json|x-ndjson|xml|yaml|toml))/;

export function Preview({ of }: { of: KeptArtifact }) {
  const { kind, type, bytes, preview } = of;
  const isSmall = bytes <= largestShown && kind !== "folder";
  if (isSmall && pictures.test(type)) return <Picture of={of} />;
  if (isSmall && texts.test(type)) return <Whole of={of} />;
  return preview === undefined ? null : <pre className="preview">{preview}</pre>;
}

/** As data, since the request that fetches it may need a token. */
function Picture({ of: { hash, type, name } }: { of: KeptArtifact }) {
  const [source, setSource] = useState<string>();
  useEffect(() => {
    const read = async () => {
      const content = await (await fetchHub(`/blobs/${hash}`)).arrayBuffer();
      const reader = new FileReader();
      reader.onload = () => setSource(String(reader.result));
      reader.readAsDataURL(new Blob([content], { type }));
    };
    void read().catch(() => {});
  }, [hash, type]);
  return source === undefined ? null : <img src={source} alt={name} className="preview" />;
}

function Whole({ of: { hash, type, name } }: { of: KeptArtifact }) {
  const [read, setRead] = useState<{ text?: string; error?: Error }>({});
  useEffect(() => {
    let isGone = false;
    fetchHub(`/blobs/${hash}`)
      .then((response) => response.text())
      .then(
        (text) => isGone || setRead({ text }),
        (error: Error) => isGone || setRead({ error }),
      );
    return () => {
      isGone = true;
    };
  }, [hash]);
  if (read.error) return <Trouble error={read.error} />;
  if (read.text === undefined) return null;
  return <Text text={read.text} type={type} name={name} />;
}

function Text({ text, type, name }: { text: string; type: string; name: string }) {
  if (type.startsWith("text/markdown") || /\.(md|markdown)$/i.test(name)) return <Markdown text={text} />;
  if (type.startsWith("text/csv")) return <DataTable label={name} {...csvTable(text)} />;
  const value = type.startsWith("application/json") ? jsonIn(text) : undefined;
  if (value === undefined) return <pre className="preview">{text}</pre>;
  const table = tableOf(value);
  return table ? <DataTable label={name} {...table} /> : <Value of={value} isOpen />;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
