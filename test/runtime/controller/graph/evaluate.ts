/** Expressions beside JavaScript: what comes out, or what is thrown. */
import { inspect } from "node:util";
import type { Expression } from "../../../../src/model/expression.ts";
import type { Node } from "../../../../src/model/node.ts";
import { load } from "../../../../src/runtime/controller/graph/load.ts";
import { graph, ret } from "./build.ts";
import { thrown } from "./compare.ts";

/** What a body gives or throws that runs in one go. `params` is there under that name. */
export async function outcome(body: Node[] | Expression, params?: unknown): Promise<string> {
  const nodes = Array.isArray(body) ? body : [ret(body)];
  try {
    return shown(await load(graph(...nodes)).run(params, { call: async () => undefined }));
  } catch (error) {
    return `throws ${thrown(error)}`;
  }
}

export function nativeOutcome(compute: () => unknown): string {
  try {
    return shown(compute());
  } catch (error) {
    return `throws ${thrown(error)}`;
  }
}

/** A text that tells any two values apart: -0 from 0, a hole from undefined; errors without their stacks. */
export function shown(value: unknown): string {
  return inspect(value, { depth: 8, maxArrayLength: 300 }).replace(/\n +at .*/g, "");
}
