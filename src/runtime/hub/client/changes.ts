/**
 * Changes on their way to the hub, in the order in which they were asked for. Those of one turn of the event loop, and those that gather while others are on their
 * way, are one request: the hub does them as the store does what is asked of it in one turn. Each has a name of its own, so that one whose answer was lost is not
 * made twice.
 */
import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { StoreError } from "../../ports.ts";
import { fromWireError, type WireError } from "../errors.ts";
import { requestHeader } from "../subscription.ts";
import type { Answer, Asked } from "./connection.ts";

type Change = Asked & { name: string };
type Waiting = { asked: Change; resolve: (value: unknown) => void; reject: (error: unknown) => void };
type Answered = { answers: { status: number; body?: unknown }[] };

/** So many, and so much text, go in one request. */
const mostChanges = 1_000;
const mostText = 16 * 1024 * 1024;

export class Changes {
  readonly #send: (asked: Asked) => Promise<Answer>;
  readonly #client = randomBytes(8).toString("hex");
  #count = 0;
  /** Of the changes that are asked for right now. */
  #naming: { name: string; count: number } | undefined;
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
    return this.#waiting.length === 0 ? undefined : bodyOf(this.#waiting);
  }

  /** What `act` asks for before it gives the event loop back is named so. */
  once<T>(name: string, act: () => T): T {
    this.#naming = { name, count: 0 };
    try {
      return act();
    } finally {
      this.#naming = undefined;
    }
  }

  /** Gives the answer's value. */
  ask(asked: Asked): Promise<unknown> {
    const name = this.#naming ? `${this.#naming.name} ${this.#naming.count++}` : `${this.#client}-${this.#count++}`;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ asked: { ...asked, name }, resolve, reject });
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
    await this.#send({ ...asked, headers: { ...asked.headers, [requestHeader]: asked.name } }).then(
      ({ body }) => resolve(body),
      reject,
    );
  }

  async #together(batch: readonly Waiting[]): Promise<void> {
    try {
      const { body } = await this.#send({ verb: "POST", path: "/batch", body: bodyOf(batch) });
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

const bodyOf = (batch: readonly Waiting[]): string => `{"requests":[${batch.map(textOf).join(",")}]}`;

const textOf = ({ asked: { verb, path, name, body } }: Waiting): string =>
  `{"verb":"${verb}","path":${JSON.stringify(path)},"name":${JSON.stringify(name)}${body === undefined ? "" : `,"body":${body}`}}`;
