/**
 * Paints a graph by running it on sets of shapes instead of values: a variable holds the shapes that its value was made from. A file per
 * kind of node says what is drawn; here is what they draw on.
 */
import type { Expression, Pattern } from "../../../model/expression.ts";
import type { Closure, Node } from "../../../model/node.ts";
import type { Definition, Graph, Pipeline } from "../../../model/pipeline.ts";
import { printExpression, printPattern, type Texts } from "../../../model/print-expression.ts";
import { textsOf } from "../../../model/texts.ts";
import type { Edge, Group, Picture, Shape } from "../picture.ts";
import { addAll, join, namesOf, none, type Sources, sizeOf, unionOf, type Values, variablesOf } from "../sources.ts";
import { activate, declare, type Local } from "./function.ts";
import { paintNode } from "./nodes.ts";

/** What is around a pipeline that is drawn: the beginning of its ids and paths, and the pipelines that call it, itself last. */
export type Around = { prefix: string; path: string; definitions: readonly Definition[] };

/** What has been awaited last is kept with the values, under a name that no variable has: branches and loops join it as they join those. */
const awaited = "";

export class Painter {
  readonly pipeline: Pipeline;
  readonly around: Around;
  readonly texts: Texts;
  readonly locals = new Map<string, Local>();
  /** The local function that is run. */
  local: Local | undefined;
  values: Values = new Map();
  readonly breaks: { names: (string | undefined)[]; isLoop: boolean; values: Values }[] = [];
  readonly #definition: Definition;
  readonly #root: Group = { kind: "group", id: "", label: "", shapes: [] };
  readonly #edges = new Map<string, Edge>();
  /** A node is drawn once, however often its loop or function is run. */
  readonly #drawn = new Map<object, Shape>();
  /** Of the whole picture. */
  readonly #ids: Set<string>;
  /** What is around the node that is run: where its shape goes, and the path of its task. */
  #group = this.#root;
  #path: string;

  constructor(pipeline: Pipeline, definition: Definition, around?: Around, ids: Set<string> = new Set()) {
    this.pipeline = pipeline;
    this.#definition = definition;
    this.around = around ?? { prefix: "", path: "", definitions: [definition] };
    this.#path = this.around.path;
    this.#ids = ids;
    this.texts = textsOf(definition.graph);
  }

  get order(): Graph["order"] {
    return this.#definition.graph.order;
  }

  paint(): Picture {
    const { module, body } = this.#definition.graph;
    this.run(module);
    if (body.params.length > 0) {
      const input = this.draw(body, { kind: "input", id: "params", label: `params: ${this.#paramNames(body)}` });
      for (const { target } of body.params) this.assign(target, new Set([input.id]));
    }
    this.run(body.nodes);
    for (const local of this.locals.values()) if (!local.called) activate(this, local, []);
    return { shapes: this.#root.shapes, edges: [...this.#edges.values()] };
  }

  run(nodes: Node[]): void {
    for (const node of nodes) if (node.kind === "function") declare(this, node);
    for (const node of nodes) paintNode(this, node);
  }

  /** A pipeline that this one calls, into its group. */
  paintCalled(definition: Definition, group: Group): void {
    const definitions = [...this.around.definitions, definition];
    const around = { prefix: `${group.id}/`, path: `${group.path}/`, definitions };
    const { shapes, edges } = new Painter(this.pipeline, definition, around, this.#ids).paint();
    group.shapes.push(...shapes);
    for (const { kind, from, to, label } of edges) this.link(kind, new Set([from]), to, label);
  }

  wasDrawn(node: object): Shape | undefined {
    return this.#drawn.get(node);
  }

  draw(node: object, shape: Shape): Shape {
    const drawn = this.#drawn.get(node);
    if (drawn) return drawn;
    const at = "at" in node && typeof node.at === "string" ? node.at : undefined;
    const after = [...(this.values.get(awaited) ?? none)];
    const id = this.#unique(this.around.prefix + shape.id);
    const named = { ...(at && { at }), ...shape, id, node, ...(after.length > 0 && { after }) };
    this.#drawn.set(node, named);
    this.#group.shapes.push(named);
    return named;
  }

  drawGroup(node: object, group: Omit<Group, "kind" | "shapes">): Group {
    return this.draw(node, { kind: "group", shapes: [], ...group }) as Group;
  }

  /** The path of a task, or of the turns, that the segment adds. */
  path(segment: string): string {
    return this.#path + segment;
  }

  exit(node: object, id: string, label: string, made: Sources): void {
    const shape = this.draw(node, { kind: "exit", id, label });
    this.link("data", made, shape.id);
  }

  /** Runs with the group around it, and, where the group has turns or activations, with their path. */
  inside(group: Group, run: () => void): void {
    const [outer, path] = [this.#group, this.#path];
    this.#group = group;
    if (group.path !== undefined) this.#path = `${group.path}/`;
    run();
    this.#group = outer;
    this.#path = path;
  }

  /** What holds at a `break` holds after it too. */
  breakable(names: (string | undefined)[], isLoop: boolean, run: () => void): void {
    this.breaks.push({ names, isLoop, values: new Map() });
    run();
    this.values = join(this.values, this.breaks.pop()!.values);
  }

  /** A turn after the first may see what an earlier one made; that none was run is possible too. */
  untilStable(turn: () => void): void {
    for (let size = -1; size !== sizeOf(this.values); ) {
      size = sizeOf(this.values);
      const before = this.values;
      this.values = new Map(before);
      turn();
      this.values = join(before, this.values);
    }
  }

  link(kind: Edge["kind"], from: Sources, to: string, label?: string): void {
    for (const source of from)
      this.#edges.set(`${kind} ${source} ${to}`, { kind, from: source, to, ...(label && { label }) });
  }

  /** What follows starts when these have ended. */
  hold(by: Sources): void {
    if (by.size > 0) this.values.set(awaited, by);
  }

  /** What is awaited in there holds nothing that follows. */
  aside(run: () => void): void {
    const held = this.values.get(awaited) ?? none;
    run();
    this.values.set(awaited, held);
  }

  set(name: string, made: Sources): void {
    this.values.set(name, made);
  }

  add(name: string, made: Sources): void {
    this.values.set(name, unionOf([this.values.get(name) ?? none, made]));
  }

  assign(target: Pattern, made: Sources): void {
    for (const name of namesOf(target)) this.values.set(name, made);
    if (target.kind === "member") for (const name of variablesOf(target.of)) this.add(name, made);
  }

  of(expression: Expression | undefined, ...alsoReads: string[]): Sources {
    return unionOf([...variablesOf(expression), ...alsoReads].map((name) => this.values.get(name) ?? none));
  }

  ofAll(expressions: Expression[]): Sources {
    return unionOf(expressions.map((expression) => this.of(expression)));
  }

  print(expression: Expression): string {
    return printExpression(expression, this.texts);
  }

  /** Collects what a local function returns. */
  returns(made: Sources): boolean {
    if (!this.local) return false;
    addAll(this.local.results, made);
    return true;
  }

  #unique(id: string): string {
    let unique = id;
    for (let n = 2; this.#ids.has(unique); n++) unique = `${id}_${n}`;
    this.#ids.add(unique);
    return unique;
  }

  #paramNames(body: Closure): string {
    const { params } = this.#definition;
    const properties = typeof params === "object" ? params.properties : undefined;
    return properties
      ? Object.keys(properties).join(", ")
      : body.params.map(({ target }) => printPattern(target)).join(", ");
  }
}
