/** How errors travel: as a kind, which is the error's name, and a sentence. What the ports reject with is the same on both sides. */
import { LimitError } from "../../model/limits.ts";
import { ConflictError, LostLeaseError, StoreError } from "../ports.ts";

export type WireError = { error: { kind: string; message: string } };

/** What a request is refused with before it reaches the store. The message is a sentence for people. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly kind: keyof typeof statuses;

  constructor(kind: keyof typeof statuses, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Kind → HTTP status. Any other is a bug of ours. */
const statuses = {
  InputError: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  Timeout: 408,
  ConflictError: 409,
  LostLeaseError: 409,
  Gone: 410,
  TooLarge: 413,
  RangeError: 416,
  LimitError: 422,
  PipelineError: 422,
  ParamsError: 422,
  SettingError: 422,
  ValueError: 422,
  StoreError: 507,
} as const;

export function toWireError(error: unknown): { status: number; body: WireError } {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const kind = error instanceof Refusal ? error.kind : name;
  const status = Object.hasOwn(statuses, kind) ? statuses[kind as keyof typeof statuses] : 500;
  return { status, body: { error: { kind, message } } };
}

/** Whom a hub does not let in is told so as by a store that cannot be opened. */
const classes: Record<string, new (message: string) => Error> = {
  ConflictError,
  InputError: ConflictError,
  LostLeaseError,
  StoreError,
  Unauthorized: StoreError,
  Forbidden: StoreError,
};

/** The error that the store has thrown at the other end. */
export function fromWireError({ kind, message }: WireError["error"]): Error {
  const error = new (classes[kind] ?? Error)(message);
  if (kind === "LimitError") return Object.setPrototypeOf(error, LimitError.prototype);
  if (!Object.hasOwn(classes, kind)) error.name = kind;
  return error;
}
