/**
 * Nodes: what a region of the graph is made of, in program order. Every node has an id that is unique in its function and readable; the path
 * of ids and turns that leads to a call names its task (`identity.ts`).
 *
 * `reads` and `writes` are the graph's data edges: names of variables, found at compile time. In a `sequence` region they explain and
 * are drawn; they never order it.
 *
 * In a graph of `data` order they are the only order there is: a node starts as soon as what it reads is there, and nodes within it read for
 * themselves. It has `call`, `timer`, `signal`, `await`, `let`, `branch`, `loop`, `each` and `try` nodes; the `into` of a call or a wait gets the value itself, and
 * the `return` at the end of a region says what the region is worth, which whoever contains it keeps in its own `into`.
 */
import type { Expression, Pattern, PatternItem } from "./expression.ts";
import type { JsonSchema } from "./template.ts";

/** Where the author wrote it: `file:line:column`, the file relative to the project's folder, line and column from 1. */
export type Place = string;

type Common = { id: string; at?: Place; reads?: string[]; writes?: string[] };
export type Declare = "const" | "let";

/** A local function: the pipeline's own body is one too. Its nodes may start steps; where `async`, they may await. */
export type Closure = {
  /** The id of the function, part of the path of what it starts. */
  id: string;
  /** The function's `name` property. */
  name: string;
  async: boolean;
  params: PatternItem[];
  rest?: Pattern;
  nodes: Node[];
};

export type CallNode = Common & {
  kind: "call";
  /** The name of a template of this pipeline: the call starts a task and gives a promise of its output. */
  template?: string;
  /** Or a local function: called at once, its own result (a promise, where it is async) is the value. */
  fn?: Expression;
  /** A step takes one argument or none. */
  args: Expression[];
  /** Of a template: gives a handle instead of the promise, or nothing, and then goes on without the body. */
  as?: "handle" | "detached";
  /** The variable that gets the promise (or the function's result). */
  into: string;
};

/** Starts a durable wait and gives a promise: for a length of time (`after`), or until a time (`until`); one of the two is there. */
export type TimerNode = Common & {
  kind: "timer";
  after?: Expression;
  until?: Expression;
  into: string;
  /** In data order: what it gives when it is over. */
  value?: Expression;
};

/** Starts to wait for what somebody sends the run under that name, and gives a promise of it. */
export type SignalNode = Common & {
  kind: "signal";
  name: Expression;
  options?: Expression;
  /** Of what is sent, where the author said its type. */
  schema?: JsonSchema;
  into: string;
};

/** Waits for a value, as `await` does: for a promise's value, one tick for anything else. */
export type AwaitNode = Common & {
  kind: "await";
  value: Expression;
  declare?: Declare;
  target?: Pattern;
  /** For a temporary: the source text that it stands for. */
  text?: string;
};

/** Computation: a declaration (`declare` and `target`), or an expression evaluated for what it does. A `let` without a value has none. */
export type LetNode = Common & {
  kind: "let";
  declare?: Declare;
  target?: Pattern;
  value?: Expression;
  /** For a temporary: the source text that it stands for. */
  text?: string;
};

/** `text`: the source text of `when`, where that says nothing to people. */
export type BranchCase = { when: Expression; nodes: Node[]; text?: string };

export type BranchNode = Common & {
  kind: "branch";
  /** With `on`, a `switch`: cases are compared by `===`, in order, and run on into the next unless they break (out of this id's label). */
  on?: Expression;
  cases: BranchCase[];
  /** `else`, or `default`. `at` says before which case a `default` stands; absent: after the last. */
  otherwise?: { nodes: Node[]; at?: number };
  /** The source text of the decision, for people. */
  text?: string;
  /** In data order: the variable that gets what the taken region is worth. */
  into?: string;
  /** In data order: where no region is taken, what reads it is skipped. */
  skips?: true;
};

export type LoopNode = Common & {
  kind: "loop";
  /** `of`, `in` and `await` (for await) take their turns from `over`; the others from `test`. */
  form: "while" | "do" | "for" | "of" | "in" | "await";
  label?: string;
  /** `for`: runs once, before the first turn. What it declares with `let` is copied for every turn. */
  init?: Node[];
  /** Runs before each turn (`do`: after it); absent: true. */
  test?: { nodes: Node[]; value: Expression; text?: string };
  /** `for`: runs after each turn. */
  update?: Node[];
  over?: { value: Expression; declare?: Declare; target: Pattern };
  nodes: Node[];
  /** In data order: what one turn hands on to the next. The first gets `value`; what a turn is worth goes to the next, and in the end `into`. */
  state?: {
    target: Pattern;
    value: Expression /** The variable that holds the number of turns so far. */;
    count: string;
  };
  into?: string;
};

/** A built-in, such as `map`, called with a function that starts steps: `of[method](function, ...args)`. */
export type EachNode = Common & {
  kind: "each";
  of: Expression;
  method: string;
  function: Closure;
  args: Expression[];
  into: string;
  /** In data order: at most so many turns at once. */
  concurrency?: Expression;
};

export type TryNode = Common & {
  kind: "try";
  nodes: Node[];
  catch?: { target?: Pattern; nodes: Node[] };
  finally?: Node[];
  /** In data order: the variable that gets what the region, or its `catch`, is worth. Without a `catch`, what reads it is skipped where the region fails. */
  into?: string;
};

/** A labelled block. */
export type BlockNode = Common & { kind: "block"; label: string; nodes: Node[] };

/** Declares `variable` to be a local function; as in the language, it exists from the start of the region. */
export type FunctionNode = Common & { kind: "function"; variable: string; function: Closure };

export type ReturnNode = Common & { kind: "return"; value?: Expression };
export type ThrowNode = Common & { kind: "throw"; value: Expression };
export type BreakNode = Common & { kind: "break"; label?: string };
export type ContinueNode = Common & { kind: "continue"; label?: string };

export type Node =
  | CallNode
  | TimerNode
  | SignalNode
  | AwaitNode
  | LetNode
  | BranchNode
  | LoopNode
  | EachNode
  | TryNode
  | BlockNode
  | FunctionNode
  | ReturnNode
  | ThrowNode
  | BreakNode
  | ContinueNode;
