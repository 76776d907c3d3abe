/** What has arrived and was not yet taken: pushed as it comes, pulled when its reader is ready. */
export class Inbox<T> {
  #items: T[] = [];
  #waiting: PromiseWithResolvers<T[]> | undefined;
  #failure: { error: unknown } | undefined;

  push(items: readonly T[]): void {
    for (const item of items) this.#items.push(item);
    if (this.#items.length === 0 || this.#waiting === undefined) return;
    this.#waiting.resolve(this.#all());
    this.#waiting = undefined;
  }

  /** Nothing more comes: who takes is told why. */
  readonly fail = (error: unknown): void => {
    this.#failure ??= { error };
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  };

  /** Everything that has arrived: waits until there is something. One reader at a time. */
  take(): Promise<T[]> {
    if (this.#failure) return Promise.reject(this.#failure.error);
    if (this.#items.length > 0) return Promise.resolve(this.#all());
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  #all(): T[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }
}
