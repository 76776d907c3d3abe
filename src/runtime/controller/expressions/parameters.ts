/** Parameters of functions and arrows. */
import type { Pattern, PatternItem } from "../../../model/expression.ts";
import type { Compile } from "../graph/code.ts";
import type { Declared, Names, Scope } from "../graph/scope.ts";
import { declaredBy, item, pattern } from "./pattern.ts";

export type Parameters = {
  declared: Declared[];
  /** The function's `length`: the parameters before the first default. */
  length: number;
  /** Gives what puts the arguments of a call where the parameters are. */
  bind(names: Names): (scope: Scope, args: unknown[]) => void;
};

export function parameters({ params, rest }: { params: PatternItem[]; rest?: Pattern }, compile: Compile): Parameters {
  const firstDefault = params.findIndex((param) => param.default !== undefined);
  return {
    declared: [...params.map(({ target }) => target), ...(rest ? [rest] : [])].flatMap((target) =>
      declaredBy(target, false),
    ),
    length: firstDefault === -1 ? params.length : firstDefault,
    bind(names) {
      const takes = params.map((param) => item(param, names, compile, true));
      const others = rest && pattern(rest, names, compile, true);
      return (scope, args) => {
        for (let i = 0; i < takes.length; i += 1) takes[i]?.(scope, () => args[i]);
        others?.put(scope, args.slice(takes.length));
      };
    },
  };
}
