/**
 * Lays a step of a class bare: the class keeps the step's method and what that method can reach by name, without the decorator, and the module
 * exports a function that calls the method on an instance of its own. What the step does not reach leaves the bundle, and so neither drags its
 * packages in nor changes the step's hash.
 */
import { ts } from "ts-morph";
import { chainOf, extended } from "./classes.ts";
import type { Declared } from "./declarations.ts";
import type { Dsl } from "./dsl.ts";
import { blanks, type Edit, insertion } from "./edits.ts";

export function bareClasses(source: ts.SourceFile, step: Declared, dsl: Dsl, checker: ts.TypeChecker): Edit[] {
  const chain = step.owner ? chainOf(step.owner, checker) : [];
  const kept = step.fn && step.owner ? reached(step.fn, chain, checker) : new Set<ts.Node>();
  return source.statements.filter(ts.isClassDeclaration).flatMap((node) => {
    const isOfStep = chain.includes(node);
    const decorators = [node, ...node.members].flatMap((on) => ownDecorators(on, dsl));
    if (!isOfStep) return decorators.map((decorator) => without(decorator, source));
    return [
      ...decorators
        .filter(({ parent }) => parent === node || parent === step.fn)
        .map((decorator) => without(decorator, source)),
      ...node.members.filter((member) => !kept.has(member)).map((member) => withoutMember(member, source)),
      ...(node === step.owner ? exported(node, step, source) : []),
    ];
  });
}

/** The steps that this one calls stay steps: they take and give copies. */
function ownDecorators(on: ts.ClassDeclaration | ts.ClassElement, dsl: Dsl): ts.Decorator[] {
  if (ts.isClassDeclaration(on)) {
    const call = dsl.decoratedClass(on)?.call;
    return call && ts.isDecorator(call) ? [call] : [];
  }
  const call = ts.isMethodDeclaration(on) ? dsl.stepDecorator(on) : undefined;
  return call ? [call] : [];
}

function exported(node: ts.ClassDeclaration, { fn }: Declared, source: ts.SourceFile): Edit[] {
  const name = node.name?.text ?? "__Reprise_Class";
  const method = JSON.stringify((fn as ts.MethodDeclaration).name.getText());
  const end = `\nexport const __reprise_step = (input) => new ${name}()[${method}](input);`;
  const keyword = node.getChildren(source).find(({ kind }) => kind === ts.SyntaxKind.ClassKeyword);
  return [
    ...(node.name || !keyword ? [] : [insertion(keyword.getEnd(), ` ${name}`)]),
    insertion(source.text.length, end),
  ];
}

/** The members that a method can reach: all whose name is read of anything at all, in it or in what it reaches. */
function reached(fn: ts.Node, chain: ts.ClassDeclaration[], checker: ts.TypeChecker): Set<ts.Node> {
  const members = chain.flatMap((node) => [...node.members]);
  const top = chain.at(-1);
  // What stands above the project's own classes may call anything.
  const isOpen = top !== undefined && extended(top) !== undefined;
  const kept = new Set<ts.Node>();
  const pending: ts.Node[] = isOpen ? [...members] : [fn, ...members.filter(isAlwaysKept)];
  const names = new Set<string>();
  for (let at = pending.pop(); at; at = pending.pop()) {
    if (kept.has(at)) continue;
    kept.add(at);
    const escapes = readNames(at, names, chain, checker);
    pending.push(...members.filter(({ name }) => escapes || (name && names.has(name.getText()))));
  }
  return kept;
}

function isAlwaysKept(member: ts.ClassElement): boolean {
  const { name } = member;
  return (
    ts.isConstructorDeclaration(member) ||
    ts.isClassStaticBlockDeclaration(member) ||
    (name !== undefined && !isPlain(name))
  );
}

const isPlain = (name: ts.PropertyName) => ts.isIdentifier(name) || ts.isPrivateIdentifier(name);

/** True where an instance, or the class itself, is used otherwise than by a name: then anything may be read of it. */
function readNames(root: ts.Node, names: Set<string>, chain: ts.ClassDeclaration[], checker: ts.TypeChecker): boolean {
  let escapes = false;
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isDecorator(node)) return;
    if (ts.isPropertyAccessExpression(node)) names.add(node.name.text);
    const isObject = ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node;
    if (!isObject && (node.kind === ts.SyntaxKind.ThisKeyword || namesClass(node, chain, checker))) escapes = true;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(root, visit);
  return escapes;
}

function namesClass(node: ts.Node, chain: ts.ClassDeclaration[], checker: ts.TypeChecker): boolean {
  if (!ts.isIdentifier(node) || !chain.some(({ name }) => name?.text === node.text)) return false;
  const declared = checker.getSymbolAtLocation(node)?.valueDeclaration;
  return chain.some((one) => one === declared);
}

function without(decorator: ts.Decorator, source: ts.SourceFile): Edit {
  return blanks(source.text, decorator.getStart(source), decorator.getEnd());
}

/** A semicolon keeps its neighbours apart. */
function withoutMember(member: ts.ClassElement, source: ts.SourceFile): Edit {
  const { text, ...place } = blanks(source.text, member.getStart(source), member.getEnd());
  return { ...place, text: text.replace(" ", ";") };
}
