/** The program of a process that puts a graph together: it imports the author's module, and says what the graph has become. */
import { pathToFileURL } from "node:url";
import { type Blueprint, blueprintOf } from "../../model/blueprint.ts";
import type { Options } from "../../model/options.ts";
import { type Callee, type Executed, type FromChild, mark } from "./protocol.ts";

type Declaration = { options: Options; run: object; name?: string; method?: { owner: object; name: string } };

/** Steps by themselves, and by their author's function, which those of `withOptions` share; classes, and the pipelines that they are. */
const marks = new Map<object, number>();

Object.defineProperty(Function.prototype, Symbol.for(mark), {
  value(this: { prototype?: { run?: object } }, n: number) {
    const { prototype = {} } = this;
    // An inherited one is marked where it is declared.
    const body = Object.hasOwn(prototype, "run") ? prototype.run : undefined;
    for (const one of [this, ...(body && declarationOf(body) ? [body] : [])]) {
      marks.set(one, n);
      const run = declarationOf(one)?.run;
      if (run && !marks.has(run)) marks.set(run, n);
    }
    return this;
  },
});

// Not exited, and nothing left to do: what the module awaits cannot come.
process.on("beforeExit", () => tell({ kind: "waiting" }));
const [path = ""] = process.argv.slice(2);
void build(path);

async function build(path: string): Promise<void> {
  try {
    const { graph } = (await import(pathToFileURL(path).href)) as { graph: unknown };
    const blueprint = blueprintOf(graph);
    if (blueprint === undefined) throw new TypeError("the export is no graph: export what pipeline.graph(…) gives");
    tell({ kind: "graph", graph: await executed(blueprint) });
  } catch (error) {
    const { message = String(error), stack = "" } = (error ?? {}) as Partial<Error>;
    tell({ kind: "failed", message, stack });
  }
}

async function executed({ options, params, nodes, sent, callees }: Blueprint): Promise<Executed> {
  // Most graphs need no zod.
  const schemas = params.length + sent.length === 0 ? undefined : await import("../../model/param-schema.ts");
  const schema = schemas?.paramsSchema(params);
  for (const { node, schema } of sent) node.schema = schemas!.sentSchema(node.id, schema);
  const named = params.map(({ name, variable }) => ({ name, variable }));
  return { options, params: named, nodes, callees: callees.map(calleeOf), ...(schema !== undefined && { schema }) };
}

function calleeOf(step: object): Callee {
  const { options, run, name, method } = declarationOf(step)!;
  const n = marks.get(method?.owner ?? step) ?? marks.get(run);
  const named = { ...(n !== undefined && { mark: n }), ...(name !== undefined && { name }) };
  if (method === undefined && marks.has(step)) return named;
  return { ...named, ...(method && { method: method.name }), options: JSON.parse(JSON.stringify(options)) };
}

function declarationOf(step: object): Declaration | undefined {
  return (step as { [key: symbol]: Declaration | undefined })[Symbol.for("reprise.declaration")];
}

function tell(message: FromChild): void {
  process.send!(message, () => process.exit());
}
