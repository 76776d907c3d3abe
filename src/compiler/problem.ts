/**
 * Problems: an author's mistakes, each with a number, a place, a sentence that says what is wrong and one that says how to mend it. A
 * pass reports what it finds and goes on, so that all problems of a file are shown at once.
 */
import { relative, sep } from "node:path";
import type { ts } from "ts-morph";
import { bold, colored, dim, frame, lineAndColumn, red, type Spot } from "./frame.ts";

/** A row of a catalogue of problems. The details are what the sentences name: `{ name: "fit" }`. */
export type Rule = { number: string; message(details: Details): string; remedy(details: Details): string };
export type Details = Record<string, string>;

/** A mistake of the author: where it is, what is wrong, and how to mend it. */
export type Problem = {
  /** `RP1001`, or `TS2345` for one of TypeScript's own. */
  number: string;
  /** `file:line:column`, the file relative to the project's folder, line and column from 1. */
  place: string;
  message: string;
  remedy: string;
  /** The lines around the place, with carets; no color. */
  frame: string;
};

export class Problems {
  readonly #root: string;
  readonly #found = new Map<string, Found>();
  readonly #shadows: Spot[] = [];

  /** Places are relative to `root`, the project's folder. */
  constructor(root: string) {
    this.#root = root;
  }

  /** The same problem at the same place counts once. */
  report(rule: Rule, node: ts.Node, details: Details = {}): void {
    this.reportAt(rule, spotOf(node), details);
  }

  reportAt(rule: Rule, spot: Spot, details: Details = {}): void {
    const place = placeAt(this.#root, spot);
    const { line, column } = lineAndColumn(spot.text, spot.start);
    const message = rule.message(details);
    this.#found.set(`${rule.number} ${place} ${message}`, {
      number: rule.number,
      place,
      message,
      remedy: rule.remedy(details),
      frame: frame(spot),
      spot,
      order: [spot.file, line, column],
    });
  }

  /** Where there is a problem within `whole`, what TypeScript says of its `part` repeats it, or follows from it. */
  overshadow(whole: Spot, part: Spot): void {
    if ([...this.#found.values()].some(({ spot }) => overlap(spot, whole))) this.#shadows.push(part);
  }

  /** Whether a second opinion on this place helps nobody. */
  covers(spot: Spot): boolean {
    return (
      [...this.#found.values()].some((found) => overlap(found.spot, spot)) ||
      this.#shadows.some((shadow) => overlap(shadow, spot))
    );
  }

  /** By file, line and column. */
  get list(): Problem[] {
    const byPlace = [...this.#found.values()].sort(
      ({ order: a }, { order: b }) => compare(a[0], b[0]) || a[1] - b[1] || a[2] - b[2],
    );
    return byPlace.map(({ order: _, spot: __, ...problem }) => problem);
  }

  error(): CompileError {
    return new CompileError(this.list);
  }

  /** Throws a CompileError with all that was reported, where anything was. */
  throwIfAny(): void {
    if (this.#found.size > 0) throw this.error();
  }
}

type Found = Problem & { spot: Spot; order: [file: string, line: number, column: number] };

/** The file does not compile. `format` is for a terminal; the message is the same without color. */
export class CompileError extends Error {
  override name = "CompileError";
  readonly problems: Problem[];

  constructor(problems: Problem[]) {
    super(formatAll(problems, false));
    this.problems = problems;
  }

  format(options: { color?: boolean } = {}): string {
    return formatAll(this.problems, options.color === true);
  }
}

/** `file:line:column` of a node, the file relative to `root` with forward slashes. */
export function placeOf(root: string, node: ts.Node): string {
  const file = node.getSourceFile();
  const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return `${relativePath(root, file.fileName)}:${line + 1}:${character + 1}`;
}

export function spotOf(node: ts.Node): Spot {
  const file = node.getSourceFile();
  return { file: file.fileName, text: file.text, start: node.getStart(file), end: node.getEnd() };
}

function placeAt(root: string, spot: Spot): string {
  const { line, column } = lineAndColumn(spot.text, spot.start);
  return `${relativePath(root, spot.file)}:${line}:${column}`;
}

/** Forward slashes on every system, so that compiled bytes do not depend on it. */
export function relativePath(root: string, file: string): string {
  return relative(root, file).split(sep).join("/");
}

function formatAll(problems: Problem[], color: boolean): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return `${problems.map((problem) => format(problem, color)).join("\n\n")}\n\n${color ? bold(count) : count}`;
}

function format({ number, place, message, remedy, frame }: Problem, color: boolean): string {
  const head = color ? `${red(number)} ${dim(place)}\n${bold(message)}` : `${number} ${place}\n${message}`;
  return `${head}\n\n${color ? colored(frame) : frame}\n\n${remedy}`;
}

const overlap = (a: Spot, b: Spot) => a.file === b.file && a.start < b.end && b.start < a.end;
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
