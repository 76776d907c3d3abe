/**
 * Edges as the regions see them. An edge between shapes of different groups is cut where it crosses a border, at a port, so that each group is
 * laid out on its own. Edges that would run side by side are bundled: those of one source, or those into one target, whichever are more.
 */
import type { Edge, Picture, Shape } from "../picture.ts";

/** An end of a link within its group: a shape of the group, or a port in the border, named by its bundle. */
export type End = { shape: string; port?: string } | { in: string } | { out: string };
export type Link = { bundle: string; kind: Edge["kind"]; from: End; to: End; edges: Edge[] };
/** In one group: what is drawn, and which of its shapes stand below which others. */
export type Links = { links: Map<string, Link>; below: Map<string, Set<string>> };

/** The links of every group, by the group's id; those of the picture itself under the empty one. */
export function linksOf({ shapes, edges }: Picture): Map<string, Links> {
  const ancestors = ancestorsOf(shapes);
  const all = new Map<string, Links>();
  const within = (group: string): Links => {
    const known = all.get(group) ?? { links: new Map(), below: new Map() };
    all.set(group, known);
    return known;
  };
  const bundleOf = bundles(edges);
  for (const edge of edges)
    for (const { group, from, to } of cut(edge, bundleOf(edge), ancestors))
      add(within(group), edge, bundleOf(edge), from, to);
  for (const [id, { shape }] of ancestors)
    for (const earlier of shape.after ?? []) order(earlier, id, ancestors, within);
  return all;
}

type Ancestors = Map<string, { shape: Shape /** From the outermost group, itself last. */; chain: string[] }>;

function ancestorsOf(shapes: readonly Shape[], chain: string[] = [], found: Ancestors = new Map()): Ancestors {
  for (const shape of shapes) {
    const own = [...chain, shape.id];
    found.set(shape.id, { shape, chain: own });
    if (shape.kind === "group") ancestorsOf(shape.shapes, own, found);
  }
  return found;
}

function bundles(edges: readonly Edge[]): (edge: Edge) => string {
  const counts = new Map<string, number>();
  const count = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const { kind, from, to } of edges) {
    count(`${kind} out ${from}`);
    count(`${kind} in ${to}`);
  }
  return ({ kind, from, to }) =>
    counts.get(`${kind} out ${from}`)! >= counts.get(`${kind} in ${to}`)! ? `${kind} out ${from}` : `${kind} in ${to}`;
}

/** The pieces of an edge, one for each group that it runs through. */
function* cut(edge: Edge, bundle: string, ancestors: Ancestors): Generator<{ group: string; from: End; to: End }> {
  const [from, to] = [ancestors.get(edge.from)!.chain, ancestors.get(edge.to)!.chain];
  const shared = common(from, to);
  for (let i = from.length - 1; i > shared; i--)
    yield { group: from[i - 1]!, from: end(from, i, bundle), to: { out: bundle } };
  if (shared < from.length && shared < to.length)
    yield { group: from[shared - 1] ?? "", from: end(from, shared, bundle), to: end(to, shared, bundle) };
  for (let i = shared + 1; i < to.length; i++)
    yield { group: to[i - 1]!, from: { in: bundle }, to: end(to, i, bundle) };
}

/** How many groups two shapes share. */
function common(a: string[], b: string[]): number {
  let shared = 0;
  while (shared < a.length - 1 && shared < b.length - 1 && a[shared] === b[shared]) shared += 1;
  return shared;
}

const end = (chain: string[], i: number, bundle: string): End =>
  i === chain.length - 1 ? { shape: chain[i]! } : { shape: chain[i]!, port: bundle };

function add({ links }: Links, edge: Edge, bundle: string, from: End, to: End): void {
  const key = JSON.stringify([bundle, from, to]);
  const same = links.get(key);
  if (same) same.edges.push(edge);
  else links.set(key, { bundle, kind: edge.kind, from, to, edges: [edge] });
}

function order(earlier: string, later: string, ancestors: Ancestors, within: (group: string) => Links): void {
  const [a, b] = [ancestors.get(earlier)?.chain, ancestors.get(later)?.chain];
  if (!a || !b) return;
  const shared = common(a, b);
  const [above, below] = [a[shared]!, b[shared]!];
  if (above === below) return;
  const { below: orders } = within(a[shared - 1] ?? "");
  orders.set(above, (orders.get(above) ?? new Set()).add(below));
}
