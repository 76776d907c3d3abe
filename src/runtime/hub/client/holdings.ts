/** What the agents of this process have claimed and not reported: so much they know, whatever became of an answer on its way. */
import type { Held } from "../subscription.ts";

export class Holdings {
  readonly #held = new Map<string, Map<string, Held>>();

  add(agent: string, { task, attempt }: Held): void {
    const held = this.#held.get(agent) ?? new Map<string, Held>();
    this.#held.set(agent, held.set(key({ task, attempt }), { task, attempt }));
  }

  drop(agent: string, held: Held): void {
    this.#held.get(agent)?.delete(key(held));
  }

  forget(agent: string): void {
    this.#held.delete(agent);
  }

  of(agent: string): Held[] {
    return [...(this.#held.get(agent)?.values() ?? [])];
  }
}

const key = ({ task, attempt }: Held): string => `${attempt} ${task}`;
