/** The client's connection: requests over sockets that stay open, tried again while the hub does not answer. */
import {
  Agent,
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { request as httpsRequest, Agent as SecureAgent } from "node:https";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { StoreError } from "../../ports.ts";
import { base, type Verb } from "../api.ts";
import { fromWireError, type WireError } from "../errors.ts";
import { fromWire } from "../wire.ts";

export type ConnectionOptions = {
  /** Of the hub: `http://host:port`. */
  address: string;
  token?: string;
  /** How long a hub that does not answer is asked again; default 10 minutes. */
  patienceMs?: number;
  /** Hears once when the hub no longer answers, and once when it does again. */
  trouble?(sentence: string): void;
};

export type Asked = {
  verb: Verb;
  /** Under the API's base, with its query. */
  path: string;
  /** JSON text. */
  body?: string;
  signal?: AbortSignal;
  /** In place of the connection's. */
  patienceMs?: number;
  headers?: Record<string, string>;
  /** Made anew for each try, in place of `body`. */
  content?: () => Readable;
};

export type Answer = { status: number; headers: IncomingMessage["headers"]; body: unknown };

/** The longest pause between two tries, and how long an answer may take. */
const longestPauseMs = 2_000;
const answerMs = 60_000;
const defaultPatienceMs = 600_000;

export class Connection {
  readonly address: string;
  readonly #base: URL;
  readonly #token: string | undefined;
  readonly #patienceMs: number;
  readonly #trouble: (sentence: string) => void;
  readonly #agent: Agent;
  readonly #closed = new AbortController();
  #silent = false;

  constructor({ address, token, patienceMs = defaultPatienceMs, trouble = () => {} }: ConnectionOptions) {
    this.address = address.replace(/\/+$/, "");
    this.#base = new URL(this.address);
    this.#token = token;
    this.#patienceMs = patienceMs;
    this.#trouble = trouble;
    const options = { keepAlive: true, maxFreeSockets: 16, timeout: 0 };
    this.#agent = this.#base.protocol === "https:" ? new SecureAgent(options) : new Agent(options);
  }

  /** Aborts when the connection is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** The answer's JSON. Rejects with the error that the hub says, or with a StoreError where it does not answer for too long. */
  async ask(asked: Asked): Promise<Answer> {
    return this.#patiently(async () => {
      const response = await this.#send(asked, answerMs);
      const text = await textOf(response);
      const { statusCode: status = 0, headers } = response;
      const body = text === "" ? undefined : parsed(text, status);
      if (status >= 400) throw refused(status, body);
      return { status, headers, body };
    }, asked);
  }

  /** The answer's content, piece by piece, handed to `take`, which is called again with another one where it breaks off. */
  async fetch<T>(asked: Asked, take: (content: IncomingMessage) => Promise<T>): Promise<T> {
    return this.#patiently(async () => {
      const response = await this.#send(asked, answerMs);
      const { statusCode: status = 0 } = response;
      if (status >= 400) throw refused(status, parsed(await textOf(response), status));
      return take(response);
    }, asked);
  }

  /** A response that does not end, such as a stream of events: tried once. Its socket does not keep the process. */
  async stream(asked: Asked): Promise<IncomingMessage> {
    const response = await this.#send(asked, answerMs, false);
    const { statusCode: status = 0 } = response;
    if (status >= 400) throw refused(status, parsed(await textOf(response), status));
    return response;
  }

  close(): void {
    this.#closed.abort();
    this.#agent.destroy();
  }

  /** Tries until it is answered, with growing pauses, for as long as there is patience. */
  async #patiently<T>(attempt: () => Promise<T>, { signal, patienceMs }: Asked): Promise<T> {
    const until = Date.now() + (patienceMs ?? this.#patienceMs);
    for (let tries = 0; ; tries++)
      try {
        const answer = await attempt();
        if (this.#silent) this.#trouble(`the hub ${this.address} answers again`);
        this.#silent = false;
        return answer;
      } catch (error) {
        signal?.throwIfAborted();
        if (this.#closed.signal.aborted) throw new StoreError(`the connection to the hub ${this.address} is closed`);
        if (!isOutage(error)) throw error;
        if (Date.now() >= until) throw unreachable(this.address, error);
        if (!this.#silent && tries > 0) {
          this.#silent = true;
          this.#trouble(`the hub ${this.address} does not answer (${reasonOf(error)}): trying again`);
        }
        await pause(pauseMs(tries), undefined, { signal: this.#closed.signal }).catch(() => {});
      }
  }

  #send(
    { verb, path, body, headers, content, signal }: Asked,
    timeoutMs: number,
    keepsProcess = true,
  ): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const options: RequestOptions = {
      method: verb,
      path: `${this.#base.pathname.replace(/\/$/, "")}${base}${path}`,
      host: this.#base.hostname.replace(/^\[|\]$/g, ""),
      port: this.#base.port,
      agent: keepsProcess ? this.#agent : false,
      signal: signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal,
      headers: {
        ...headers,
        ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
        ...(body !== undefined && { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
      },
    };
    const request: ClientRequest = (this.#base.protocol === "https:" ? httpsRequest : httpRequest)(options, resolve);
    request.on("error", reject);
    if (keepsProcess) request.setTimeout(timeoutMs, () => request.destroy(outage("it took too long")));
    else request.on("socket", (socket) => socket.unref());
    if (content) pipeline(content(), request).catch(reject);
    else request.end(body);
    return promise;
  }
}

/** Of `tries`: doubled each time, and a little by chance, so that many clients do not come all at once. */
const pauseMs = (tries: number): number => Math.min(longestPauseMs, 25 * 2 ** tries) * (0.75 + Math.random() / 2);

/** The hub, or what lies between, was not there; it may be when it is asked again. */
class Outage extends Error {}

const outage = (message: string): Error => new Outage(message);

const outageCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
  "ERR_STREAM_PREMATURE_CLOSE",
  "HPE_INVALID_EOF_STATE",
]);

export const isOutage = (error: unknown): boolean =>
  error instanceof Outage || outageCodes.has((error as NodeJS.ErrnoException | undefined)?.code ?? "");

const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message;

/** The message says how to mend it. */
const unreachable = (address: string, error: unknown): StoreError =>
  new StoreError(
    `the hub ${address} cannot be reached (${reasonOf(error)}): see whether it runs (reprise hub), and whether the address is right`,
    { cause: error },
  );

function refused(status: number, body: unknown): Error {
  const error = (body as WireError | undefined)?.error;
  if (error?.kind !== undefined) return fromWireError(error);
  // No hub says that: something between does.
  if (status >= 502 && status <= 504) return outage(`status ${status}`);
  return new StoreError(`the address answers with status ${status}, and not as a hub does: see whether it is right`);
}

function parsed(text: string, status: number): unknown {
  try {
    return fromWire(text);
  } catch {
    throw refused(status, undefined);
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
