/** What has arrived and was not yet taken: pushed as it comes, pulled when its reader is ready. */
export class Inbox<T> {
  #items: T[] = [];
  #arrival = Promise.withResolvers<void>();

  push(items: readonly T[]): void {
    for (const item of items) this.#items.push(item);
    if (this.#items.length > 0) this.#arrival.resolve();
  }

  /** Nothing more comes: who takes is told why. */
  fail(error: unknown): void {
    this.#arrival.promise.catch(() => {});
    this.#arrival.reject(error);
  }

  /** Everything that has arrived: waits until there is something. */
  async take(): Promise<T[]> {
    await this.#arrival.promise;
    const items = this.#items;
    this.#items = [];
    this.#arrival = Promise.withResolvers();
    return items;
  }
}
