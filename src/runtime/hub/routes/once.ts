/** Changes by their names: whoever has lost an answer asks again, and the change is made once. */
import type { Store } from "../../ports.ts";
import { Refusal } from "../errors.ts";
import type { Asked, Caller } from "./route.ts";

export const longestName = 200;

/** One caller's names are not another's. Throws a Refusal where it is none. */
export function onceBy(store: Store, { id }: Caller, name: string | undefined): Asked["once"] {
  if (name === undefined) return (act) => act();
  if (name === "" || name.length > longestName)
    throw new Refusal("InputError", `a change is named by 1 to ${longestName} characters`);
  return (act) => store.once(`${id} ${name}`, act);
}
