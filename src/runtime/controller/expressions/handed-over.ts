/** What a promise calls later is called for the context that handed it over: `then`, `catch` and `finally`, no tick more or less. */
import { callable } from "../bounds/callable.ts";
import { current } from "../graph/context.ts";

type Callback = ((...args: unknown[]) => unknown) | undefined | null;

export const handedOver: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  [
    "then",
    function (this: Promise<unknown>, onFulfilled: Callback, onRejected: Callback) {
      return Promise.prototype.then.call(this, forHere(onFulfilled), forHere(onRejected));
    },
  ],
  [
    "catch",
    function (this: Promise<unknown>, onRejected: Callback) {
      return Promise.prototype.catch.call(this, forHere(onRejected));
    },
  ],
  [
    "finally",
    function (this: Promise<unknown>, onFinally: Callback) {
      return Promise.prototype.finally.call(this, forHere(onFinally) as () => void);
    },
  ],
]);

function forHere(callback: Callback): Callback {
  if (typeof callback !== "function") return callback;
  const called = callable(callback) as NonNullable<Callback>;
  const context = current.context;
  return (...args) => {
    const outside = current.context;
    current.context = context;
    try {
      return called(...args);
    } finally {
      current.context = outside;
    }
  };
}
