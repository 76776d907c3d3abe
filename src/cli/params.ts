/** The params of a run as they are typed: `--params '{"target":0.9}'`, `--params @params.json`, `--param target=0.9`. */
import { readFileSync } from "node:fs";
import { type Json, parseJson } from "../model/json.ts";
import { UsageError } from "./errors.ts";

export type ParamFlags = { params?: string; param?: string[] };

/** Undefined where none are given. A `--param` wins over the same name in `--params`. Throws a UsageError. */
export function readParams({ params, param = [] }: ParamFlags): Json | undefined {
  const whole = params === undefined ? undefined : readWhole(params);
  if (param.length === 0) return whole;
  if (whole !== undefined && (whole === null || typeof whole !== "object" || Array.isArray(whole)))
    throw new UsageError("--param adds to an object, and --params is none", "Give all of it in --params.");
  return { ...whole, ...Object.fromEntries(param.map(readOne)) };
}

function readWhole(text: string): Json {
  const [source, json] = text.startsWith("@")
    ? [`the file ${text.slice(1)}`, readFile(text.slice(1))]
    : ["--params", text];
  try {
    return parseJson(json);
  } catch (error) {
    throw new UsageError(
      `${source} cannot be used as params: ${(error as Error).message}`,
      `Write JSON, such as --params '{"target": 0.9}', or one param at a time: --param target=0.9`,
    );
  }
}

function readFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`the file of --params cannot be read: ${(error as Error).message}`);
  }
}

/** The value is JSON where it reads as JSON, else the text itself. */
function readOne(text: string): [name: string, value: Json] {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`--param ${text} has no value`, `Write --param ${text || "name"}=VALUE.`);
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), parseJson(value)];
  } catch {
    return [text.slice(0, at), value];
  }
}
