/** Answers to changes, by the name of the request: one that is asked again, as its answer was lost on the way, is answered again and done once. */

/** So many are kept, and none that is larger. */
const most = 10_000;
const largestBytes = 256 * 1024;

export type Kept = { status: number; text: string };

export class Answers {
  readonly #answers = new Map<string, Promise<Kept>>();

  /** `name` is the caller's own. */
  async once(name: string, answer: () => Promise<Kept>): Promise<Kept> {
    const known = this.#answers.get(name);
    if (known) return known;
    const given = answer();
    this.#answers.set(name, given);
    if (this.#answers.size > most) this.#answers.delete(this.#answers.keys().next().value!);
    const kept = await given;
    if (kept.text.length > largestBytes) this.#answers.delete(name);
    return kept;
  }
}
