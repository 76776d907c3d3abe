/** Commands: any program as a task. Its arguments may name parameters, `{rate}` or `--rate={rate}`, whose values are put in their place. */
import { splitCommand } from "./command-line.ts";
import type { Json } from "./json.ts";
import type { JsonSchema } from "./template.ts";

/** As an author gives it: a line, which no shell reads, or the program and its arguments. */
export type Command = string | readonly string[];

/** The program and its arguments. Throws a RangeError with one sentence. */
export function commandWords(given: Command): string[] {
  const words = typeof given === "string" ? splitCommand(given) : [...given];
  const [program] = words;
  if (!program) throw new RangeError("the command names no program");
  if (place.test(program))
    throw new RangeError(`the program of the command is the parameter ${program}: parameters are for its arguments`);
  for (const word of words)
    if (typeof word !== "string" || word.includes("\0"))
      throw new RangeError(`the command has ${JSON.stringify(word)}, which is no text that a program can be given`);
  return words;
}

/**
 * What its parameters must be: those that it is created with, each of the kind of its value, and those that its arguments name. `undefined` where there are
 * none: what its program looks for is not known.
 */
export function commandInput(
  words: readonly string[],
  defaults: { readonly [name: string]: unknown },
): JsonSchema | undefined {
  const named = words.flatMap((word) => place.exec(word)?.groups?.name ?? []);
  const properties = Object.fromEntries([
    ...named.map((name) => [name, {}] as const),
    ...Object.entries(defaults).map(([name, value]) => [name, kindOf(value)] as const),
  ]);
  if (Object.keys(properties).length === 0) return undefined;
  return { type: "object", properties, ...(named.length > 0 && { required: [...new Set(named)] }) };
}

/** The words with the parameters in their places: texts as they are, all else as JSON. What they hold is not looked into. Throws a RangeError that names one that is missing, or holds what no argument may. */
export function filledIn(words: readonly string[], parameters: { readonly [name: string]: Json }): string[] {
  return words.map((word) => {
    const { before = "", name } = place.exec(word)?.groups ?? {};
    if (name === undefined) return word;
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined)
      throw new RangeError(`the command takes the parameter "${name}", which the task does not have`);
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (text.includes("\0")) throw new RangeError(`the parameter "${name}" has a NUL, which no argument can hold`);
    return `${before}${text}`;
  });
}

/** A whole argument, or what follows its `=`: code and patterns in arguments have braces of their own. */
const place = /^(?<before>[\w.-]+=)?\{(?<name>[A-Za-z_][\w.-]*)\}$/;

/** Of numbers, texts and booleans: what else a value may be is the program's to say. */
const kindOf = (value: unknown): JsonSchema =>
  ["number", "string", "boolean"].includes(typeof value) ? { type: typeof value } : {};
