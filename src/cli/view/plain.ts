/** A run as plain lines, for logs and pipes: one as a task ends or is tried again, one as a turn of a loop begins, one for each decision. */
import { formatDuration } from "../../model/duration.ts";
import type { Event } from "../../model/event.ts";
import { parseSegment, segments } from "../../model/identity.ts";
import { installingText, unservedText, waitText } from "./details.ts";
import { formatNumber, oneLine, sentence } from "./text.ts";

type Known = { name: string; startedAt: number; scalars: Map<string, number>; cachedFrom?: string };

type DecisionEvent = Extract<Event, { kind: "decision" }>;

export class PlainView {
  readonly #run: string;
  readonly #fanOuts: ReadonlySet<string>;
  readonly #open = new Map<string, Known>();
  /** Path of a loop → its turn that was last announced. */
  readonly #turns = new Map<string, number>();

  /** `fanOuts` are the ids of the pipeline's `each` nodes: their turns begin all at once, and are not announced. */
  constructor(run: string, fanOuts: Iterable<string> = []) {
    this.#run = run;
    this.#fanOuts = new Set(fanOuts);
  }

  /** The lines that the event gives rise to; most give none. */
  lines(event: Event): string[] {
    if (event.kind === "waiting") return [`○ ${this.#pathOf(event.task, event.path)}: ${waitText(event, event.at)}`];
    if (event.kind === "timer") return [`✓ ${this.#pathOf(event.task, event.path)}`];
    if (event.kind === "signal") return [`● signal ${this.#pathOf(event.task, event.name)}`];
    if (event.kind === "decision") return [this.#decision(event)];
    if (event.task === this.#run) return this.#runLines(event);
    const path = event.task.slice(this.#run.length + 1);
    const known = this.#open.get(path);
    switch (event.kind) {
      case "created":
        this.#open.set(path, { name: event.name, startedAt: event.at, scalars: new Map() });
        return this.#newTurns(path);
      case "unserved":
        return [`○ ${this.#title(path)}: ${unservedText(event)}`];
      case "installing":
        return event.packages.length === 0 ? [] : [`○ ${this.#title(path)}: ${installingText(event.packages)}`];
      case "cache":
        if (known && event.outcome === "hit") known.cachedFrom = event.from;
        return [];
      case "running":
        if (known) known.startedAt = event.at;
        return [];
      case "scalar":
        known?.scalars.set(event.title === event.series ? event.title : `${event.title}/${event.series}`, event.value);
        return [];
      case "retrying":
        return [`↻ ${this.#title(path)}: ${retryText(event)}`];
      case "completed":
        return [`✓ ${this.#title(path)}${this.#took(path, event.at)}${this.#scalars(path)}`];
      case "failed":
        return [`✗ ${this.#title(path)}${this.#took(path, event.at)}: ${sentence(event.failure)}`];
      case "aborted":
        return [`■ ${this.#title(path)}: ${oneLine(event.reason)}`];
      default:
        return [];
    }
  }

  /** In the run, or in one that it called. */
  #pathOf(task: string, path: string): string {
    return `${task}/${path}`.slice(this.#run.length + 1);
  }

  #runLines(event: Event): string[] {
    if (event.kind === "running" && event.attempt > 1) return [`● the run goes on (attempt ${event.attempt})`];
    if (event.kind === "unserved") return [`○ the run: ${unservedText(event)}`];
    return event.kind === "retrying" ? [`↻ the run: ${retryText(event)}`] : [];
  }

  /** That of a loop announces the turn that it leads to. */
  #decision({ task, path, of, outcome, explanation }: DecisionEvent): string {
    const whole = this.#pathOf(task, path);
    if (of === "skip") return `⊘ ${whole}: ${oneLine(explanation)}`;
    if (of === "branch") return `◇ ${whole}: ${oneLine(explanation)}`;
    const { turn = 1 } = parseSegment(segments(whole).at(-1)!);
    const loop = whole.slice(0, whole.lastIndexOf("["));
    if (outcome > 0) this.#turns.set(loop, Math.max(turn, this.#turns.get(loop) ?? 0));
    return `● ${loop}: ${oneLine(explanation)}`;
  }

  #newTurns(path: string): string[] {
    const lines: string[] = [];
    let prefix = "";
    for (const segment of segments(path).slice(0, -1)) {
      const { id, turn } = parseSegment(segment);
      const loop = prefix + id;
      if (turn !== undefined && id !== "" && !this.#fanOuts.has(id) && turn > (this.#turns.get(loop) ?? 0)) {
        this.#turns.set(loop, turn);
        lines.push(`● ${loop}: iteration ${turn}`);
      }
      prefix += `${segment}/`;
    }
    return lines;
  }

  #title(path: string): string {
    const name = this.#open.get(path)?.name;
    return name === undefined || segments(path).at(-1) === name ? path : `${path} (${name})`;
  }

  #took(path: string, at: number): string {
    const known = this.#open.get(path);
    if (known?.cachedFrom !== undefined) return ` cached from ${known.cachedFrom}`;
    return known ? ` ${formatDuration(Math.max(0, at - known.startedAt))}` : "";
  }

  /** Read once, as the task ends. */
  #scalars(path: string): string {
    const scalars = [...(this.#open.get(path)?.scalars ?? [])].slice(-3);
    this.#open.delete(path);
    return scalars.map(([name, value]) => `  ${name} ${formatNumber(value)}`).join("");
  }
}

function retryText({ attempt, failure, at, notBefore = at }: Extract<Event, { kind: "retrying" }>): string {
  const again = notBefore > at ? `again in ${formatDuration(notBefore - at)}` : "again at once";
  return `attempt ${attempt} failed: ${sentence(failure)} (${again})`;
}
