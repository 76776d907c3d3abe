import type { Chooser, Held } from "./order.ts";

/** `began`: the number of the event with which it began. */
type Item = Held & { readonly began: number; happen(): void };

/** All that may happen next, each under a key of its own. */
export class Pending {
  readonly #items = new Map<string, Item>();
  readonly #choose: Chooser;

  constructor(choose: Chooser) {
    this.#choose = choose;
  }

  hold(key: string, item: Item): void {
    this.#items.set(key, item);
  }

  drop(key: string): void {
    this.#items.delete(key);
  }

  /** The one of that key happens, or else the one that the order chooses. False where nothing is held. */
  happens(first: string): boolean {
    if (this.#items.size === 0) return false;
    const held = [...this.#items.values()].sort((a, b) => a.began - b.began);
    const chosen = this.#items.get(first) ?? this.#choose(held);
    for (const [key, item] of this.#items) if (item === chosen) this.#items.delete(key);
    chosen.happen();
    return true;
  }
}
