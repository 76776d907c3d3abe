/** Configuration objects: named parts of what a task is told, beside its parameters: JSON, or text such as a file's. */
import type { Json } from "./json.ts";

export type ConfigurationContent = { json: Json } | { text: string };

export type ConfigurationObject = ConfigurationContent & { name: string; description?: string };

/** JSON as it is, text as text. Throws a TypeError for what is neither. */
export function configurationContent(name: string, value: unknown): ConfigurationContent {
  if (typeof value === "string") return { text: value };
  const json = JSON.stringify(value);
  if (json === undefined)
    throw new TypeError(`the configuration "${name}" is ${typeof value}: give text, or what JSON can hold`);
  return { json: JSON.parse(json) as Json };
}
