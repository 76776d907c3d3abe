/** What changed between two graphs: nodes that came, went, moved, or read differently. */
import type { Node } from "../../../model/node.ts";
import { printExpression, type Texts } from "../../../model/print-expression.ts";
import { alignLists } from "./align.ts";
import { headOf, isWorthWords, nameOf, placeOf, regionsOf } from "./node-words.ts";

/** Fills in what corresponds to what, which of the newer ones changed, and the sentences. */
export type NodesComparison = {
  /** Nodes and regions of the older graph → those of the newer one. */
  pairs: Map<object, object>;
  /** Nodes of the newer graph. */
  changed: Set<object>;
  words: string[];
};

type Loose = { node: Node; where: string };

export function compareNodes(a: Node[], b: Node[], texts: { a: Texts; b: Texts }, found: NodesComparison): void {
  const gone: Loose[] = [];
  const come: Loose[] = [];
  compareRegion(a, b, "");
  tellLoose();

  function compareRegion(before: Node[], after: Node[], where: string): void {
    found.pairs.set(before, after);
    const [x, y] = [before.filter(isWorthWords), after.filter(isWorthWords)];
    const pairs = corresponding(x, y);
    for (const [one, other] of pairs) compareNode(one, other, where);
    const [left, right] = [new Set(pairs.map(([one]) => one)), new Set(pairs.map(([, other]) => other))];
    gone.push(...x.filter((node) => !left.has(node)).flatMap((node) => withInner(node, where)));
    come.push(...y.filter((node) => !right.has(node)).flatMap((node) => withInner(node, where)));
  }

  /** Those that are called or read the same; then, between them, those of the same kind. */
  function corresponding(x: Node[], y: Node[]): [Node, Node][] {
    const same = (one: Node, other: Node) => one.kind === other.kind && keyOf(one, texts.a) === keyOf(other, texts.b);
    const sure = alignLists(x, y, same);
    const pairs: [Node, Node][] = [];
    let [i, j] = [0, 0];
    for (const [one, other] of [...sure, undefined].map((pair) => pair ?? [])) {
      const [p, q] = [one ? x.indexOf(one, i) : x.length, other ? y.indexOf(other, j) : y.length];
      pairs.push(
        ...alignLists(x.slice(i, p), y.slice(j, q), alike),
        ...(one && other ? [[one, other] as [Node, Node]] : []),
      );
      [i, j] = [p + 1, q + 1];
    }
    return pairs;
  }

  function compareNode(one: Node, other: Node, where: string): void {
    found.pairs.set(one, other);
    if (one.kind === "loop" && other.kind === "loop" && one.test && other.test) found.pairs.set(one.test, other.test);
    if ((one.kind === "function" || one.kind === "each") && other.kind === one.kind)
      found.pairs.set(one.function, other.function);
    const [before, after] = [headOf(one, texts.a), headOf(other, texts.b)];
    if (before !== after) {
      found.changed.add(other);
      found.words.push(`~ ${nameOf(other)}${within(where)}${placeOf(other)}: ${before} → ${after}`);
    }
    compareCases(one, other);
    const regions = regionsOf(other);
    regionsOf(one).forEach(({ nodes, name }, i) => {
      compareRegion(nodes, regions[i]?.nodes ?? [], placeIn(name, other));
    });
    for (const { nodes, name } of regions.slice(regionsOf(one).length)) compareRegion([], nodes, placeIn(name, other));
  }

  function compareCases(one: Node, other: Node): void {
    if (one.kind !== "branch" || other.kind !== "branch" || other.on === undefined) return;
    other.cases.forEach(({ when }, i) => {
      const before = one.cases[i]?.when;
      const [x, y] = [before === undefined ? "none" : printExpression(before, texts.a), printExpression(when, texts.b)];
      if (x === y) return;
      found.changed.add(other);
      found.words.push(`~ case ${i + 1} of ${other.id}: ${x} → ${y}`);
    });
  }

  /** What went in one place and came in another has moved. */
  function tellLoose(): void {
    for (const { node, where } of gone) {
      const i = come.findIndex((loose) => sameCall(loose.node, node));
      const [moved] = i === -1 ? [] : come.splice(i, 1);
      if (moved) {
        const way =
          moved.where === where
            ? `to another place${within(where)}`
            : `from ${where || "the body"} to ${moved.where || "the body"}`;
        found.words.push(`~ ${nameOf(moved.node)} moved ${way}${placeOf(moved.node)}`);
      } else found.words.push(sentence("-", "removed", node, where, texts.a));
    }
    for (const { node, where } of come) found.words.push(sentence("+", "added", node, where, texts.b));
  }
}

/** A node, and all that it holds: a step may have moved into a branch that is new. */
const withInner = (node: Node, where: string): Loose[] => [
  { node, where },
  ...regionsOf(node).flatMap(({ nodes, name }) =>
    nodes.filter(isWorthWords).flatMap((inner) => withInner(inner, placeIn(name, node))),
  ),
];

/** What stays the same in a node that an author edits. */
const keyOf = (node: Node, texts: Texts): string =>
  node.kind === "call" || node.kind === "function" || node.kind === "each" ? node.id : headOf(node, texts);

/** Calls are named; the rest is numbered, and numbers shift. */
const alike = (one: Node, other: Node): boolean =>
  one.kind === other.kind && one.kind !== "call" && one.kind !== "function";

const sameCall = (one: Node, other: Node): boolean =>
  one.kind === "call" && other.kind === "call" && one.template === other.template && one.id === other.id;

/** `loop1`, `then of if1`. */
const placeIn = (region: string, { id }: Node): string => [region, id].filter(Boolean).join(" of ");

const within = (where: string): string => (where ? ` in ${where}` : "");

const sentence = (sign: string, verb: string, node: Node, where: string, texts: Texts): string =>
  `${sign} ${nameOf(node)} ${verb}${within(where)}${placeOf(node)}: ${headOf(node, texts)}`;
