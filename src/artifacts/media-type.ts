/** MIME types of files, by the ends of their names. */
import { extname } from "node:path";

// biome-ignore format: a list
const types: Record<string, string> = {
  ".txt": "text/plain", ".log": "text/plain", ".md": "text/markdown", ".csv": "text/csv", ".tsv": "text/tab-separated-values",
  ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript", ".ts": "text/plain", ".py": "text/x-python",
  ".json": "application/json", ".jsonl": "application/jsonl", ".yaml": "application/yaml", ".yml": "application/yaml", ".xml": "application/xml",
  ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
  ".pdf": "application/pdf", ".zip": "application/zip", ".gz": "application/gzip", ".tar": "application/x-tar", ".wasm": "application/wasm",
  ".mp3": "audio/mpeg", ".wav": "audio/wav", ".mp4": "video/mp4", ".webm": "video/webm", ".parquet": "application/vnd.apache.parquet",
};

export const typeOfFile = (path: string): string => types[extname(path).toLowerCase()] ?? "application/octet-stream";

/** Does a person read it as it is? */
export const isText = (type: string): boolean =>
  /^text\/|^application\/(json|jsonl|yaml|xml)\b|\+(json|xml|yaml)\b/.test(type);
