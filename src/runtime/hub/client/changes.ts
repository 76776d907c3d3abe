/**
 * Changes on their way to the hub, in the order in which they were asked for. Those of one turn of the event loop, and those that gather while others are on their
 * way, are one request: the hub does them as the store does what is asked of it in one turn.
 */
import { setImmediate } from "node:timers/promises";
import { StoreError } from "../../ports.ts";
import { fromWireError, type WireError } from "../errors.ts";
import type { Answer, Asked } from "./connection.ts";

type Waiting = { asked: Asked; resolve: (value: unknown) => void; reject: (error: unknown) => void };
type Answered = { answers: { status: number; body?: unknown }[] };

/** So many, and so much text, go in one request. */
const mostChanges = 1_000;
const mostText = 16 * 1024 * 1024;

export class Changes {
  readonly #send: (asked: Asked) => Promise<Answer>;
  #waiting: Waiting[] = [];
  #going = false;
  #idle = Promise.resolve();

  constructor(send: (asked: Asked) => Promise<Answer>) {
    this.#send = send;
  }

  /** Resolves when nothing is on its way any more. */
  get idle(): Promise<void> {
    return this.#idle;
  }

  /** What was asked for and is not answered, as one request: for who cannot wait for the answers any more. */
  get left(): string | undefined {
    return this.#waiting.length === 0 ? undefined : bodyOf(this.#waiting, false);
  }

  /** Gives the answer's value. */
  ask(asked: Asked): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ asked, resolve, reject });
      if (this.#going) return;
      this.#going = true;
      this.#idle = setImmediate().then(() => this.#go());
    });
  }

  async #go(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      await (batch.length === 1 ? this.#alone(batch[0]!) : this.#together(batch));
    }
    this.#going = false;
  }

  #take(): Waiting[] {
    let text = 0;
    const end = this.#waiting.findIndex(({ asked }, i) => {
      text += asked.body?.length ?? 0;
      return i > 0 && (i >= mostChanges || text > mostText);
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #alone({ asked, resolve, reject }: Waiting): Promise<void> {
    await this.#send(asked).then(({ body }) => resolve(body), reject);
  }

  async #together(batch: readonly Waiting[]): Promise<void> {
    try {
      const { body } = await this.#send({
        ...{ verb: "POST", path: "/batch", body: bodyOf(batch, false) },
        again: () => ({ body: bodyOf(batch, true) }),
      });
      const { answers } = body as Answered;
      for (const [i, { resolve, reject }] of batch.entries()) {
        const { status, body } = answers[i] ?? { status: 500 };
        if (status < 400) resolve(body);
        else reject(body ? fromWireError((body as WireError).error) : new StoreError("the hub has left out an answer"));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

const bodyOf = (batch: readonly Waiting[], again: boolean): string =>
  `{"requests":[${batch.map(({ asked }) => textOf(asked, again)).join(",")}]}`;

function textOf(asked: Asked, again: boolean): string {
  const { verb, path, body } = again && asked.again ? { ...asked, ...asked.again() } : asked;
  return `{"verb":"${verb}","path":${JSON.stringify(path)}${body === undefined ? "" : `,"body":${body}`}}`;
}
