/** Server-sent events: one response that does not end. What is said in one turn of the event loop is one piece of it. */

/** A reader that has taken so little of what was said is slow: no more is said to it than must be. */
const fullBytes = 1024 * 1024;
/** A comment now and then keeps what lies between from cutting a silent connection, and tells both ends of one that is cut. */
const keepAliveMs = 5_000;

export class EventStream {
  readonly #encoder = new TextEncoder();
  readonly #timer: NodeJS.Timeout;
  readonly #body: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #unsent = "";
  #full = false;
  /** It was full, and has been read. */
  drained: () => void = () => {};
  closed: () => void = () => {};

  /** `isAllowed` is asked as long as the stream lasts: where it says no, the stream ends. */
  constructor(isAllowed: () => Promise<boolean>) {
    const strategy = new ByteLengthQueuingStrategy({ highWaterMark: fullBytes });
    this.#body = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => {
          if (!this.#full) return;
          this.#full = false;
          this.drained();
        },
        cancel: () => this.close(),
      },
      strategy as QueuingStrategy<Uint8Array>,
    );
    const check = async () => {
      if (await isAllowed().catch(() => false)) this.#write(":\n\n");
      else this.close();
    };
    this.#timer = setInterval(() => void check(), keepAliveMs).unref();
  }

  get response(): Response {
    const headers = { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" };
    return new Response(this.#body, { headers });
  }

  get isFull(): boolean {
    return this.#full;
  }

  /** `data` is one line. */
  send(id: number, kind: string, data: string): void {
    this.#write(`id: ${id}\nevent: ${kind}\ndata: ${data}\n\n`);
  }

  close(): void {
    if (this.#controller === undefined) return;
    clearInterval(this.#timer);
    this.#flush();
    try {
      this.#controller.close();
    } catch {
      // Its reader has cancelled it.
    }
    this.#controller = undefined;
    this.closed();
  }

  #write(text: string): void {
    if (this.#unsent === "") queueMicrotask(() => this.#flush());
    this.#unsent += text;
  }

  #flush(): void {
    if (this.#unsent === "" || this.#controller === undefined) return;
    this.#controller.enqueue(this.#encoder.encode(this.#unsent));
    this.#unsent = "";
    this.#full = (this.#controller.desiredSize ?? 0) <= 0;
  }
}
