/**
 * The picture of a pipeline at the granularity of calls: steps, the regions around them, the decisions between them, and where data comes
 * from. It is found by running the graph on sets of shapes instead of values: a variable holds the steps that its value was made from.
 */
import type { Expression, Pattern } from "../../model/expression.ts";
import type {
  AwaitNode,
  BranchNode,
  BreakNode,
  CallNode,
  Closure,
  EachNode,
  LetNode,
  LoopNode,
  Node,
  SignalNode,
  TimerNode,
  TryNode,
} from "../../model/node.ts";
import { type Definition, definitionOf, type Pipeline } from "../../model/pipeline.ts";
import { printExpression, printPattern, type Texts } from "../../model/print-expression.ts";
import { addAll, join, namesOf, none, type Sources, sizeOf, unionOf, type Values, variablesOf } from "./sources.ts";
import { textsOf } from "./texts.ts";
import { prune, visible } from "./visible.ts";

export type Picture = { shapes: Shape[]; edges: Edge[] };

export type Shape =
  | { kind: "input" | "step" | "wait" | "decision" | "exit"; id: string; label: string }
  | { kind: "group"; id: string; label: string; shapes: Shape[] };

/** `data`: what a step gets. `control`: what a decision looks at, and what follows from it. Both name shapes by id. */
export type Edge = { kind: "data" | "control"; from: string; to: string; label?: string };

/** Of a pipeline, or of one that it calls. One that is called is drawn where it is called, and as a step where it calls itself. */
export function picture(pipeline: Pipeline, definition: Definition = pipeline): Picture {
  return visible(new Painter(pipeline, definition, { prefix: "", definitions: [definition] }, new Set()).paint());
}

type Group = Extract<Shape, { kind: "group" }>;
/** A local function: its group stands where it is declared, its nodes are run where it is called. */
type Local = { closure: Closure; group: Group; results: Set<string>; running: boolean; called: boolean };

/** What is around a pipeline that is drawn: the beginning of its ids, and the pipelines that call it, itself last. */
type Around = { prefix: string; definitions: readonly Definition[] };

class Painter {
  readonly #pipeline: Pipeline;
  readonly #definition: Definition;
  readonly #around: Around;
  readonly #texts: Texts;
  readonly #root: Group = { kind: "group", id: "", label: "", shapes: [] };
  readonly #edges = new Map<string, Edge>();
  /** A node is drawn once, however often its loop or function is run. */
  readonly #drawn = new Map<object, Shape>();
  /** Of the whole picture. */
  readonly #ids: Set<string>;
  readonly #locals = new Map<string, Local>();
  /** What is around the node that is run: where its shape goes, and where its ways out lead. */
  #group = this.#root;
  #values: Values = new Map();
  #local: Local | undefined;
  readonly #breaks: { names: (string | undefined)[]; isLoop: boolean; values: Values }[] = [];

  constructor(pipeline: Pipeline, definition: Definition, around: Around, ids: Set<string>) {
    this.#pipeline = pipeline;
    this.#definition = definition;
    this.#around = around;
    this.#ids = ids;
    this.#texts = textsOf(definition.graph);
  }

  paint(): Picture {
    const { module, body } = this.#definition.graph;
    this.#run(module);
    if (body.params.length > 0) {
      const input = this.#draw(body, { kind: "input", id: "params", label: `params: ${this.#paramNames(body)}` });
      for (const { target } of body.params) this.#assign(target, new Set([input.id]));
    }
    this.#run(body.nodes);
    for (const local of this.#locals.values()) if (!local.called) this.#activate(local, []);
    return { shapes: this.#root.shapes, edges: [...this.#edges.values()] };
  }

  #run(nodes: Node[]): void {
    for (const node of nodes) if (node.kind === "function") this.#declare(node.variable, node.function);
    for (const node of nodes) this.#node(node);
  }

  #node(node: Node): void {
    switch (node.kind) {
      case "call":
        if (node.template === undefined) this.#callFunction(node);
        else this.#callStep(node, node.template);
        break;
      case "timer":
      case "signal":
        this.#wait(node);
        break;
      case "await":
      case "let":
        this.#compute(node);
        break;
      case "branch":
        this.#branch(node);
        break;
      case "loop":
        this.#loop(node);
        break;
      case "each":
        this.#each(node);
        break;
      case "try":
        this.#try(node);
        break;
      case "block":
        this.#breakable([node.label], false, () => this.#run(node.nodes));
        break;
      case "function": // Declared at the start of its region.
        break;
      case "return":
        if (this.#local) addAll(this.#local.results, this.#of(node.value));
        else this.#exit(node, "return", this.#of(node.value));
        break;
      case "throw":
        this.#exit(node, `throw ${this.#print(node.value)}`, this.#of(node.value));
        break;
      case "break":
        this.#break(node);
        break;
      case "continue":
        this.#exit(node, node.label ? `continue ${node.label}` : "continue", none);
        break;
    }
  }

  #compute(node: AwaitNode | LetNode): void {
    const made = this.#of(node.value, ...(node.reads ?? []));
    if (node.target) this.#assign(node.target, made);
    const whole = node.target ? namesOf(node.target) : none;
    for (const name of node.writes ?? []) if (!whole.has(name)) this.#add(name, made);
  }

  #callStep(node: CallNode, template: string): void {
    const label = node.id === template ? template : `${node.id} = ${template}`;
    const called = this.#calledBy(template);
    const shape = called
      ? this.#drawCalled(node, called, label)
      : this.#draw(node, { kind: "step", id: node.id, label });
    this.#link("data", this.#ofAll(node.args), shape.id);
    this.#values.set(node.into, new Set([shape.id]));
  }

  /** The pipeline that a template stands for, unless it is being drawn already. */
  #calledBy(name: string): Definition | undefined {
    const template = this.#pipeline.templates[name];
    const called = template?.kind === "pipeline" ? definitionOf(this.#pipeline, template.pipeline) : undefined;
    return called && !this.#around.definitions.includes(called) ? called : undefined;
  }

  #drawCalled(node: CallNode, called: Definition, label: string): Shape {
    const known = this.#drawn.get(node);
    if (known) return known;
    const group = this.#draw(node, { kind: "group", id: node.id, label, shapes: [] }) as Group;
    const around = { prefix: `${group.id}/`, definitions: [...this.#around.definitions, called] };
    const { shapes, edges } = new Painter(this.#pipeline, called, around, this.#ids).paint();
    group.shapes.push(...shapes);
    for (const { kind, from, to, label: text } of edges) this.#link(kind, new Set([from]), to, text);
    return group;
  }

  #wait(node: TimerNode | SignalNode): void {
    const given = node.kind === "timer" ? (node.after ?? node.until ?? null) : node.name;
    const label = `${node.kind === "signal" ? "signal" : node.after === undefined ? "sleep until" : "sleep"} ${this.#print(given)}`;
    const shape = this.#draw(node, { kind: "wait", id: node.id, label });
    this.#link("data", this.#of(given), shape.id);
    this.#values.set(node.into, new Set([shape.id]));
  }

  #callFunction(node: CallNode): void {
    const name = typeof node.fn === "object" && node.fn?.kind === "variable" ? node.fn.name : undefined;
    const local = name === undefined ? undefined : this.#locals.get(name);
    const given = node.args.map((arg) => this.#of(arg));
    this.#values.set(node.into, local ? this.#activate(local, given) : this.#ofAll([node.fn ?? null, ...node.args]));
  }

  #declare(variable: string, closure: Closure): void {
    if (this.#locals.has(variable)) return;
    const group = this.#draw(closure, {
      kind: "group",
      id: closure.id,
      label: `function ${closure.name || closure.id}`,
      shapes: [],
    });
    this.#locals.set(variable, { closure, group: group as Group, results: new Set(), running: false, called: false });
  }

  /** Runs a local function on what it is given; gives what its result is made from. A call within itself gets what is known by then. */
  #activate(local: Local, given: Sources[]): Sources {
    local.called = true;
    if (local.running) return local.results;
    const outer = this.#local;
    local.running = true;
    this.#local = local;
    this.#inside(local.group, () => {
      local.closure.params.forEach(({ target }, i) => {
        this.#assign(target, given[i] ?? none);
      });
      if (local.closure.rest) this.#assign(local.closure.rest, unionOf(given.slice(local.closure.params.length)));
      this.#run(local.closure.nodes);
    });
    local.running = false;
    this.#local = outer;
    return local.results;
  }

  #branch(node: BranchNode): void {
    const isSwitch = node.on !== undefined;
    const question = node.text ?? this.#print(isSwitch ? node.on! : node.cases[0]!.when);
    const decision = this.#draw(node, { kind: "decision", id: node.id, label: isSwitch ? question : `${question}?` });
    this.#link("control", this.#ofAll([node.on ?? null, ...node.cases.map(({ when }) => when)]), decision.id);
    const regions = [
      ...node.cases.map(({ when, nodes }) => ({ nodes, answer: isSwitch ? this.#print(when) : "yes" })),
      { nodes: node.otherwise?.nodes ?? [], answer: isSwitch ? "default" : "no" },
    ];
    this.#breakable([node.id], false, () => {
      const before = this.#values;
      const afters = regions.map(({ nodes, answer }, i) => {
        this.#values = new Map(before);
        const label = isSwitch ? answer : answer === "yes" ? "then" : "else";
        const group = this.#regionOf(nodes, {
          kind: "group",
          id: `${node.id}_${isSwitch ? `case${i + 1}` : label}`,
          label,
          shapes: [],
        });
        this.#inside(group, () => this.#run(nodes));
        this.#link("control", new Set([decision.id]), group.id, answer);
        return this.#values;
      });
      this.#values = afters.reduce(join);
    });
  }

  #loop(node: LoopNode): void {
    const group = this.#draw(node, { kind: "group", id: node.id, label: this.#loopLabel(node), shapes: [] }) as Group;
    this.#inside(group, () => {
      this.#run(node.init ?? []);
      const again = node.test && this.#draw(node.test, { kind: "decision", id: `${node.id}_again`, label: "again?" });
      this.#breakable([undefined, node.label, node.id], true, () => {
        this.#untilStable(() => {
          const test = () => {
            this.#run(node.test?.nodes ?? []);
            if (again) this.#link("control", this.#of(node.test?.value), again.id);
          };
          if (node.form !== "do") test();
          if (node.over) this.#assign(node.over.target, this.#of(node.over.value));
          this.#run(node.nodes);
          this.#run(node.update ?? []);
          test();
        });
      });
      const first =
        again && prune(group.shapes.slice(group.shapes.indexOf(again) + 1)).find(({ kind }) => kind !== "decision");
      if (first) this.#link("control", new Set([again.id]), first.id, "yes");
    });
  }

  #loopLabel({ form, test, over }: LoopNode): string {
    if (over)
      return `for ${form === "await" ? "await " : ""}each ${printPattern(over.target, this.#texts)} ${form === "in" ? "in" : "of"} ${this.#print(over.value)}`;
    const words = test ? (test.text ?? this.#print(test.value)) : "true";
    return form === "do" ? `do … while ${words}` : `while ${words}`;
  }

  #each(node: EachNode): void {
    const of = this.#of(node.of);
    const label = `each of ${this.#print(node.of)} (${node.method})`;
    const group = this.#draw(node, { kind: "group", id: node.id, label, shapes: [] }) as Group;
    const local: Local = { closure: node.function, group, results: new Set(), running: false, called: true };
    const mapped = node.method === "map" || node.method === "flatMap";
    this.#untilStable(() => {
      this.#activate(local, [of, mapped ? none : unionOf([of, this.#ofAll(node.args), local.results])]);
    });
    this.#values.set(node.into, mapped ? local.results : unionOf([of, this.#ofAll(node.args), local.results]));
  }

  #try(node: TryNode): void {
    const before = new Map(this.#values);
    const attempt = this.#regionOf(node.nodes, { kind: "group", id: node.id, label: "try", shapes: [] });
    this.#inside(attempt, () => this.#run(node.nodes));
    const { catch: handler, finally: last } = node;
    if (handler) {
      const after = this.#values;
      this.#values = join(before, after);
      const group = this.#regionOf(handler.nodes, {
        kind: "group",
        id: `${node.id}_catch`,
        label: "catch",
        shapes: [],
      });
      if (handler.target) this.#assign(handler.target, none);
      this.#inside(group, () => this.#run(handler.nodes));
      this.#link("control", new Set([attempt.id]), group.id, "on error");
      this.#values = join(after, this.#values);
    }
    if (last)
      this.#inside(
        this.#regionOf(last, { kind: "group", id: `${node.id}_finally`, label: "finally", shapes: [] }),
        () => this.#run(last),
      );
  }

  /** Out of a `switch` it is no way of its own in the picture. */
  #break(node: BreakNode): void {
    const left = this.#breaks.findLast(({ names, isLoop }) => (node.label ? names.includes(node.label) : isLoop));
    if (!left) return;
    left.values = join(left.values, this.#values);
    if (left.isLoop) this.#exit(node, node.label ? `break ${node.label}` : "break", none);
  }

  #exit(node: Node, label: string, made: Sources): void {
    const shape = this.#draw(node, { kind: "exit", id: node.id, label });
    this.#link("data", made, shape.id);
  }

  #inside(group: Group, run: () => void): void {
    const outer = this.#group;
    this.#group = group;
    run();
    this.#group = outer;
  }

  /** What holds at a `break` holds after it too. */
  #breakable(names: (string | undefined)[], isLoop: boolean, run: () => void): void {
    this.#breaks.push({ names, isLoop, values: new Map() });
    run();
    this.#values = join(this.#values, this.#breaks.pop()!.values);
  }

  /** A turn after the first may see what an earlier one made; that none was run is possible too. */
  #untilStable(turn: () => void): void {
    for (let size = -1; size !== sizeOf(this.#values); ) {
      size = sizeOf(this.#values);
      const before = this.#values;
      this.#values = new Map(before);
      turn();
      this.#values = join(before, this.#values);
    }
  }

  #draw(node: object, shape: Shape): Shape {
    const drawn = this.#drawn.get(node);
    if (drawn) return drawn;
    const named = { ...shape, id: this.#unique(this.#around.prefix + shape.id) };
    this.#drawn.set(node, named);
    this.#group.shapes.push(named);
    return named;
  }

  #regionOf(nodes: Node[], group: Group): Group {
    return this.#draw(nodes, group) as Group;
  }

  #unique(id: string): string {
    let unique = id;
    for (let n = 2; this.#ids.has(unique); n++) unique = `${id}_${n}`;
    this.#ids.add(unique);
    return unique;
  }

  #link(kind: Edge["kind"], from: Sources, to: string, label?: string): void {
    for (const source of from)
      this.#edges.set(`${kind} ${source} ${to}`, { kind, from: source, to, ...(label && { label }) });
  }

  #assign(target: Pattern, made: Sources): void {
    for (const name of namesOf(target)) this.#values.set(name, made);
    if (target.kind === "member") for (const name of variablesOf(target.of)) this.#add(name, made);
  }

  #add(name: string, made: Sources): void {
    this.#values.set(name, unionOf([this.#values.get(name) ?? none, made]));
  }

  #of(expression: Expression | undefined, ...alsoReads: string[]): Sources {
    return unionOf([...variablesOf(expression), ...alsoReads].map((name) => this.#values.get(name) ?? none));
  }

  #ofAll(expressions: Expression[]): Sources {
    return unionOf(expressions.map((expression) => this.#of(expression)));
  }

  #print(expression: Expression): string {
    return printExpression(expression, this.#texts);
  }

  #paramNames(body: Closure): string {
    const { params } = this.#definition;
    const properties = typeof params === "object" ? params.properties : undefined;
    return properties
      ? Object.keys(properties).join(", ")
      : body.params.map(({ target }) => printPattern(target)).join(", ");
  }
}
