/** The program of a process that puts a graph together: it imports the author's module, and says what the graph has become. */
import { pathToFileURL } from "node:url";
import { type Blueprint, blueprintOf } from "../../model/blueprint.ts";
import type { Options } from "../../model/options.ts";
import { type Callee, type Executed, type FromChild, mark } from "./protocol.ts";

type Declaration = { options: Options; run: object; name?: string };

/** Steps by themselves, and by their author's function, which those of `withOptions` share. */
const marks = new Map<object, number>();

Object.defineProperty(Function.prototype, Symbol.for(mark), {
  value(this: object, n: number) {
    marks.set(this, n);
    const { run } = declarationOf(this);
    if (!marks.has(run)) marks.set(run, n);
    return this;
  },
});

const [path = ""] = process.argv.slice(2);
try {
  const { graph } = (await import(pathToFileURL(path).href)) as { graph: unknown };
  const blueprint = blueprintOf(graph);
  if (blueprint === undefined) throw new TypeError("the export is no graph: export what pipeline.graph(…) gives");
  tell({ kind: "graph", graph: await executed(blueprint) });
} catch (error) {
  const { message = String(error), stack = "" } = (error ?? {}) as Partial<Error>;
  tell({ kind: "failed", message, stack });
}

async function executed({ options, params, nodes, callees }: Blueprint): Promise<Executed> {
  // Most graphs need no zod.
  const { paramsSchema } = params.length === 0 ? {} : await import("../../model/param-schema.ts");
  const schema = paramsSchema?.(params);
  const named = params.map(({ name, variable }) => ({ name, variable }));
  return { options, params: named, nodes, callees: callees.map(calleeOf), ...(schema !== undefined && { schema }) };
}

function calleeOf(step: object): Callee {
  const { options, run, name } = declarationOf(step);
  const n = marks.get(step) ?? marks.get(run);
  const named = { ...(n !== undefined && { mark: n }), ...(name !== undefined && { name }) };
  return marks.has(step) ? named : { ...named, options: JSON.parse(JSON.stringify(options)) };
}

function declarationOf(step: object): Declaration {
  return (step as { [key: symbol]: Declaration })[Symbol.for("reprise.declaration")]!;
}

function tell(message: FromChild): void {
  process.send!(message, () => process.exit());
}
