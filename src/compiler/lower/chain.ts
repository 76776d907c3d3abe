/**
 * Optional chains, `a?.b.c(d)`: what follows a `?.` is not evaluated where what stands before it is null or undefined. A chain that holds a
 * lift becomes branches, one for each `?.`.
 */
import { ts } from "ts-morph";
import type { Expression } from "../../model/expression.ts";
import { args } from "./arguments.ts";
import { type Access, checkMember, isAccess } from "./member.ts";
import type { Region } from "./region.ts";
import { textOf, unwrap } from "./syntax.ts";

type Link = Access | ts.CallExpression;

/** Is this the last link of a chain with a `?.` in it? */
export const hasOptional = (node: ts.Node): boolean => ts.isOptionalChain(node);

export function optionalChain(node: Link, region: Region): Expression {
  const links = linksOf(node);
  return links.some((link) => isLifted(link, region))
    ? branches(node, links, region)
    : { kind: "chain", of: linear(node, region) };
}

function linear(node: ts.Expression, region: Region): Expression {
  if (!isLink(node) || !hasOptional(node)) return region.expression(node);
  const optional = node.questionDotToken && { optional: true as const };
  const before = linear(node.expression, region);
  if (ts.isCallExpression(node))
    return { kind: "apply", callee: before, args: args(node.arguments, region), ...optional };
  checkMember(node, before, region);
  return { kind: "member", of: before, key: keyOf(node, region), ...optional };
}

function branches(node: Link, links: Link[], region: Region): Expression {
  const result = region.shared.names.temporary();
  const target = { kind: "variable", name: result } as const;
  region.emit(node, { kind: "let", id: region.ids.counted("keep"), declare: "let", target, text: textOf(node) });
  follow(links, startOf((links[0] as Link).expression, region), result, region);
  return target;
}

/** What a chain has come to, and the object that it was read from, for a call of it. */
type Reached = { value: Expression; receiver?: Expression };

function startOf(node: ts.Expression, region: Region): Reached {
  const start = unwrap(node);
  if (!isAccess(start)) return { value: region.keep(region.expression(start), start) };
  const receiver = region.keep(region.expression(start.expression), start.expression);
  checkMember(start, receiver, region);
  return { value: region.temporary({ kind: "member", of: receiver, key: keyOf(start, region) }, start), receiver };
}

function follow(links: Link[], reached: Reached, result: string, region: Region): void {
  const [link, ...rest] = links as [Link, ...Link[]];
  const inside = link.questionDotToken ? region.nested() : region;
  const next = read(link, reached, inside);
  if (rest.length > 0) follow(rest, next, result, inside);
  else inside.assign(result, next.value, link);
  if (inside === region) return;
  const when: Expression = { kind: "binary", op: "!=", left: reached.value, right: null };
  region.emit(link, {
    kind: "branch",
    id: region.ids.counted("if"),
    cases: [{ when, nodes: inside.nodes }],
    text: `${textOf(link.expression)}?.`,
  });
}

function read(link: Link, { value, receiver }: Reached, region: Region): Reached {
  if (!ts.isCallExpression(link)) {
    checkMember(link, value, region);
    return { value: region.temporary({ kind: "member", of: value, key: keyOf(link, region) }, link), receiver: value };
  }
  const values = args(link.arguments, region);
  const call: Expression =
    receiver === undefined
      ? { kind: "apply", callee: value, args: values }
      : { kind: "apply", callee: { kind: "member", of: value, key: "call" }, args: [receiver, ...values] };
  return { value: region.temporary(call, link) };
}

/** From the first link to the last. */
function linksOf(node: Link): Link[] {
  return isLink(node.expression) && hasOptional(node.expression) ? [...linksOf(node.expression), node] : [node];
}

const keyOf = (node: Access, region: Region): Expression =>
  ts.isPropertyAccessExpression(node) ? node.name.text : region.expression(node.argumentExpression);

const isLink = (node: ts.Node): node is Link => isAccess(node) || ts.isCallExpression(node);

/** Does the link have something of its own, its arguments or its key, that is to be lifted? */
function isLifted(link: Link, region: Region): boolean {
  if (ts.isCallExpression(link)) return link.arguments.some((argument) => region.shared.lifts.has(argument));
  return ts.isElementAccessExpression(link) && region.shared.lifts.has(link.argumentExpression);
}
