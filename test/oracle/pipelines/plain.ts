/** The plain side: the author's functions, every call of theirs held by an interceptor. */
import { AsyncLocalStorage } from "node:async_hooks";
import { type CallInterceptor, callInterceptor } from "../../../src/model/context.ts";
import { endOf, type Held, labelOf, type Side } from "./held.ts";

type Owned = Held & { owner: Run };

/** A run: the outermost pipeline, or one that was called. */
class Run {
  readonly caller: Run | undefined;
  #ended = false;

  constructor(caller?: Run) {
    this.caller = caller;
  }

  get ended(): boolean {
    return this.#ended || (this.caller?.ended ?? false);
  }

  finish(): void {
    this.#ended = true;
  }
}

export class Plain implements Side {
  held: Owned[] = [];
  readonly #runs = new AsyncLocalStorage<Run>();
  #calls: { owner: Run; label: string }[] = [];
  #end: string | undefined;

  constructor(body: (params: unknown) => Promise<unknown>, params: unknown) {
    const run = new Run();
    this.#runs
      .run(run, () => callInterceptor.run(this.#interceptor, body, params))
      .then(
        (value) => {
          this.#end = endOf.returned(value);
        },
        (error: Error) => {
          this.#end = endOf.thrown(error);
        },
      );
  }

  newCalls(): string[] {
    const calls = this.#calls.filter(({ owner }) => !owner.ended).map(({ label }) => `call ${label}`);
    this.#calls = [];
    return calls;
  }

  end(): string | undefined {
    return this.#end;
  }

  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.held = this.held.filter(({ owner }) => !owner.ended);
  }

  readonly #interceptor: CallInterceptor = {
    call: (name, input, run) => {
      const { owner, label, within, resolve, reject, promise } = this.#called(name, input);
      this.held.push({ label, owner, release: () => void within(() => run(input).then(resolve, reject)) });
      return promise;
    },
    pipeline: (name, params, run) => {
      const { owner, label, within, resolve, reject, promise } = this.#called(name, params);
      const begin = () => {
        const called = new Run(owner);
        const body = this.#runs.run(called, () => run(params));
        const hold = () => {
          called.finish();
          this.held.push({ label: `end of ${label}`, owner, release: () => void body.then(resolve, reject) });
        };
        body.then(hold, hold);
      };
      this.held.push({ label: `beginning of ${label}`, owner, release: () => within(begin) });
      return promise;
    },
  };

  #called(name: string, input: unknown) {
    const owner = this.#runs.getStore()!;
    const label = labelOf(name, input);
    this.#calls.push({ owner, label });
    return { owner, label, within: AsyncLocalStorage.snapshot(), ...Promise.withResolvers<unknown>() };
  }
}
