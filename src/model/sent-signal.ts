/** What somebody sends to a run, checked against what its body waits for, before it is recorded. */
import { nearest } from "./nearest.ts";
import type { SignalNode } from "./node.ts";
import { nodesOf } from "./nodes-of.ts";
import { fitted } from "./params.ts";
import type { Graph } from "./pipeline.ts";
import { signalNamePattern } from "./signal.ts";
import type { JsonSchema } from "./template.ts";

/** A signal that the body cannot take. The message is a sentence for people. */
export class SignalError extends Error {
  override name = "SignalError";
}

/**
 * The value as the body gets it: dates and bigints are made from JSON's stand-ins where the author gave the signal a type. Throws a SignalError where it
 * does not fit that type, or where the body waits for no signal of that name.
 */
export function checkSent(graph: Graph, name: string, value: unknown): unknown {
  const signals = nodesOf(graph, "signal");
  checkSignalName(name, signals);
  const mine = signals.filter((signal) => signal.name === name);
  const schemas = mine.flatMap(({ schema }): JsonSchema[] => (schema === undefined ? [] : [schema]));
  // One of them takes it; which one, nobody knows now.
  const fits = schemas.map((schema) => fitted(schema, value));
  const right = fits.find(({ problems }) => problems.length === 0);
  if (right) return right.value;
  if (schemas.length < mine.length || fits[0] === undefined) return value;
  throw new SignalError(`the value of the signal "${name}" does not fit: ${fits[0].problems.join("; ")}`);
}

/** Throws a SignalError where none of the waits is for a signal of that name. Names that a body computes may be any. */
export function checkSignalName(name: string, signals: SignalNode[]): void {
  const names = [...new Set(signals.map((signal) => signal.name))];
  const known = names.filter((each) => typeof each === "string");
  if (known.includes(name) || (known.length < names.length && signalNamePattern.test(name))) return;
  const meant = nearest(name, known);
  const help = meant ? `: did you mean "${meant}"?` : known.length > 0 ? `: it waits for ${known.join(", ")}` : "";
  throw new SignalError(`the pipeline waits for no signal "${name}"${help}`);
}
