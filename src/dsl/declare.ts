import { type Declared, note } from "./declaration.ts";
import { plainCall } from "./plain-call.ts";

/** The function that stands for a step or a pipeline. It takes the first argument only: think of `rows.map(fit)`. */
export function declare(declared: Declared): (input?: unknown) => Promise<unknown> {
  const call = (input?: unknown) => plainCall(declaration, input);
  const declaration = note(call, declared);
  return call;
}
