/**
 * `for await`: the one construct whose ticks are made by hand. Over an iterable of the ordinary kind, which is all that a body has, the
 * language wraps its iterator: every value is adopted and passed on by one more `then`, and closing is awaited too.
 */
import type { LoopNode } from "../../../../model/node.ts";
import { PipelineError } from "../../../../model/pipeline.ts";
import type { Compile, Completion, Environment, Step } from "../../graph/code.ts";
import { current, here } from "../../graph/context.ts";
import { isContinue, leave } from "../../graph/exits.ts";
import { Fatal } from "../../graph/fatal.ts";
import { headed } from "./head.ts";

export function awaited(node: LoopNode, environment: Environment, compile: Compile): Step {
  const { id } = node;
  if (!environment.async) throw new PipelineError(`the loop "${id}" awaits in a function that is not async`);
  const { target, burned, open, value, put, body } = headed(node, environment, compile);

  return {
    kind: "awaiting",
    *run(outer) {
      const context = here();
      context.claim(id);
      const iterator = iteratorOf(value(open(outer)));
      for (let n = 1; ; n += 1) {
        const { done, value: item } = (yield nextOf(iterator)) as IteratorResult<unknown>;
        if (done) return undefined;
        let exit: Completion;
        try {
          current.context = context.turn(id, n, burned);
          const scope = open(outer);
          put(scope, item);
          exit = body.kind === "plain" ? body.run(scope) : yield* body.run(scope);
          current.context = context;
        } catch (error) {
          current.context = context;
          if (error instanceof Fatal) throw error;
          try {
            yield closed(iterator);
          } catch {} // the first error wins
          throw error;
        }
        if (exit !== undefined && !isContinue(exit, target)) {
          yield closed(iterator);
          return leave(exit, target);
        }
      }
    },
  };
}

function iteratorOf(of: unknown): Iterator<unknown> {
  const make = (of as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator];
  if (typeof make !== "function") throw new TypeError(`${of === null ? null : typeof of} is not async iterable`);
  return Reflect.apply(make, of, []);
}

/** What `next` of the wrapped iterator gives. A value that rejects closes the iterator. */
function nextOf(iterator: Iterator<unknown>): Promise<IteratorResult<unknown>> {
  try {
    const { done = false, value } = iterator.next();
    const wrap = (settled: unknown) => ({ done, value: settled }) as IteratorResult<unknown>;
    return Promise.resolve(value).then(wrap, done ? undefined : (error) => closeFor(error, iterator));
  } catch (error) {
    return Promise.reject(error);
  }
}

function closeFor(error: unknown, iterator: Iterator<unknown>): never {
  try {
    iterator.return?.();
  } catch {} // the first error wins
  throw error;
}

/** What `return` of the wrapped iterator gives. */
function closed(iterator: Iterator<unknown>): Promise<unknown> {
  try {
    const close = iterator.return;
    if (close === undefined) return Promise.resolve();
    const { value } = close.call(iterator);
    return Promise.resolve(value).then((settled) => settled);
  } catch (error) {
    return Promise.reject(error);
  }
}
