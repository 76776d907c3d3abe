import { abortedName, errorOf } from "../model/failure.ts";
import { type Handle, handleOf, type Point } from "../model/handle.ts";
import { declarationOf } from "./declaration.ts";
import { plainCall } from "./plain-call.ts";

/**
 * Starts a step and gives a handle to it: `result()`, `abort()`, and `metric(…)`, which reacts to what the step reports while it runs.
 * Throws a TypeError where the first argument is no step.
 *
 * @example
 * const training = start(fit, { rows });
 * const bad = await training.metric("loss", "validation", ({ value }) => value > 5);
 * if (bad) training.abort("it diverges");
 */
export function start<Input extends [input?: object], Output>(
  step: (...input: Input) => Promise<Output>,
  ...[input]: Input
): Handle<Output> {
  const declaration = declarationOf(step);
  if (declaration === undefined)
    throw new TypeError("start(…) takes a step, then its input: start(fit, { rows }); make the function a step first");
  const abortion = new AbortController();
  const points = new Points();
  const result = plainCall(declaration, input, { signal: abortion.signal, scalar: points.report, ended: points.end });
  return handleOf(result as Promise<Output>, {
    abort: (reason) => abortion.abort(errorOf({ name: abortedName, message: reason })),
    metric: points.first,
  });
}

type Watch = { title: string; series: string; meets(point: Point): boolean; found(point: Point | undefined): void };

/** What the step reports, as long as it runs, for those who watch a series. */
class Points {
  #watches: Watch[] = [];
  #ended = false;

  readonly report = (title: string, series: string, point: Point): void => {
    const met = this.#watches.filter((watch) => watch.title === title && watch.series === series && watch.meets(point));
    this.#watches = this.#watches.filter((watch) => !met.includes(watch));
    for (const { found } of met) found(point);
  };

  readonly first = (title: string, series: string, meets: Watch["meets"]): Promise<Point | undefined> =>
    new Promise((found) => {
      if (this.#ended) found(undefined);
      else this.#watches.push({ title, series, meets, found });
    });

  readonly end = (): void => {
    this.#ended = true;
    for (const { found } of this.#watches) found(undefined);
    this.#watches = [];
  };
}
