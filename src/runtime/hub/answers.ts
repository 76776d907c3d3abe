/** Answers to changes, by the name of the request: one that is asked again, as its answer was lost on the way, is answered again and done once. */

/** So many are kept, with so much text: the oldest go first. */
const mostAnswers = 10_000;
const mostText = 64 * 1024 * 1024;

export type Kept = { status: number; text: string };

export class Answers {
  readonly #answers = new Map<string, { kept: Promise<Kept>; text: number }>();
  #text = 0;

  /** `name` is the caller's own. */
  async once(name: string, answer: () => Promise<Kept>): Promise<Kept> {
    const known = this.#answers.get(name);
    if (known) return known.kept;
    const given = { kept: answer(), text: 0 };
    this.#answers.set(name, given);
    const kept = await given.kept;
    given.text = kept.text.length;
    this.#text += given.text;
    while (this.#answers.size > mostAnswers || this.#text > mostText) this.#forgetOldest();
    return kept;
  }

  #forgetOldest(): void {
    const [name, { text }] = this.#answers.entries().next().value!;
    this.#answers.delete(name);
    this.#text -= text;
  }
}
