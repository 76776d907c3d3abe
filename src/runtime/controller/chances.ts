/** What a body reads of chance and time. What an earlier controller of the run has recorded is read again; the rest is recorded with the turn. */
import { randomUUID } from "node:crypto";
import type { Chance, ChanceSource } from "../../model/chance.ts";
import type { Clock } from "../../model/clock.ts";
import type { Command } from "../ports.ts";

/** Given where there is nothing, and never changed. */
const none: never[] = [];

export type ChanceSources = Record<ChanceSource, () => Chance>;

/** Real ones. `since`: what `performance.now` counts from, as the body may go on in another process. Milliseconds since 1970. */
export const systemChances = (clock: Clock, since: number): ChanceSources => ({
  "Date.now": () => clock.now(),
  "Math.random": () => Math.random(),
  "crypto.randomUUID": () => randomUUID(),
  "performance.now": () => performance.timeOrigin + performance.now() - since,
});

export class Chances {
  readonly #sources: ChanceSources;
  readonly #recorded: Map<string, Chance>;
  #commands: Command[] = [];
  /** The latest reading of `performance.now`, in which time never goes back. */
  #latestMs = 0;

  constructor(sources: ChanceSources, recorded: Map<string, Chance>) {
    this.#recorded = recorded;
    this.#sources = sources;
  }

  /** The reading at that path. */
  read(path: string, source: ChanceSource): Chance {
    const recorded = this.#recorded.get(path);
    const value = recorded ?? this.#draw(source);
    // A path is read once: what was used again needs no room any more.
    if (!this.#recorded.delete(path)) this.#commands.push({ kind: "chance", path, value });
    if (source === "performance.now") this.#latestMs = value as number;
    return value;
  }

  /** Readings since the last time that are not recorded yet. */
  takeCommands(): Command[] {
    const commands = this.#commands;
    if (commands.length === 0) return none;
    this.#commands = [];
    return commands;
  }

  #draw(source: ChanceSource): Chance {
    const value = this.#sources[source]();
    return source === "performance.now" ? Math.max(this.#latestMs, value as number) : value;
  }
}
