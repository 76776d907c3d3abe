/** Operators, assignments, members and optional chains. */
import { fresh, pick } from "../scope.ts";
import { type Form, flag, form, index, oneOf, type Parts } from "./form.ts";

// `<< (` is taken for type arguments by TypeScript's parser, where a `>` follows somewhere.
// biome-ignore format: a row per family
const binary = [
  "+", "-", "*", "/", "%", "**", "&", "|", "^", "<< +", ">>", ">>>",
  "<", "<=", ">", ">=", "==", "!=", "===", "!==",
];
// biome-ignore format: a row per family
const compound = ["=", "+=", "-=", "*=", "**=", "%=", "<<=", ">>=", ">>>=", "&=", "|=", "^=", "??=", "||=", "&&="];

export const operators = ({ value, leaf, test }: Parts): Form[] => [
  form(3, { op: oneOf(...binary), a: value, b: value }, ({ op, a, b }, s) => `(${a(s)} ${op} ${b(s)})`),
  form(1, { op: oneOf("-", "+", "~", "!", "typeof ", "void "), of: value }, ({ op, of }, s) => `(${op}(${of(s)}))`),
  form(2, { test, a: value, b: value }, ({ test, a, b }, s) => `(${test(s)} ? ${a(s)} : ${b(s)})`),
  form(3, { op: oneOf("&&", "||", "??"), a: value, b: value }, ({ op, a, b }, s) => `(${a(s)} ${op} (${b(s)}))`),
  form(1, { a: value, b: value }, ({ a, b }, s) => `(${a(s)}, ${b(s)})`),
  form(
    2,
    { to: index, op: oneOf(...compound), value },
    ({ to, op, value }, s) => `(${pick(s.mutable, to)} ${op} ${value(s)})`,
  ),
  form(1, { to: index, op: oneOf("++", "--"), isPrefix: flag }, ({ to, op, isPrefix }, s) => {
    const name = pick(s.mutable, to);
    return isPrefix ? `(${op}${name})` : `(${name}${op})`;
  }),
  form(
    2,
    { of: index, op: oneOf(...compound), value },
    ({ of, op, value }, s) => `(${pick(s.objects, of)}.y ${op} ${value(s)})`,
  ),
  form(
    1,
    { of: index, key: leaf, op: oneOf("=", "+=", "??="), value },
    ({ of, key, op, value }, s) => `(${pick(s.objects, of)}["x" + ${key(s)}] ${op} ${value(s)})`,
  ),
  form(
    2,
    { of: index, key: oneOf(".x", ".y", ".x1", ".missing", ".z?.[0]", '["y"]') },
    ({ of, key }, s) => `${pick(s.objects, of)}${key}`,
  ),
  form(2, { of: index, key: oneOf("x", "missing"), remove: flag, at: leaf }, ({ of, key, remove, at }, s) =>
    remove ? `(delete ${pick(s.objects, of)}["x" + ${at(s)}])` : `("${key}" in ${pick(s.objects, of)})`,
  ),
  form(2, { of: index, which: index, arg: value }, ({ of, which, arg }, s) => {
    const [object, x] = [pick(s.objects, of), arg(s)];
    const chains = [
      `${object}?.z?.[${x}]`,
      `${object}.missing?.deep.deeper[${x}]`,
      `${object}.missing?.(${x})`,
      `${object}.inner?.x`,
      `(${object}.missing ?? ${object})?.["x"]`,
      `(g.f?.(${x}) ?? ${object}.f)`,
      `g.make?.(${x})?.list.at(0)`,
      `g?.["f"]?.(${x})`,
    ];
    return pick(chains, which);
  }),
  form(2, { which: index, a: value, b: leaf }, ({ which, a, b }, s) => {
    const [x, y] = [a(s), b(s)];
    const typed = [
      `({ x: ${x}, y: ${y} } satisfies object).x`,
      `([${x}, ${y}] as const)[1]`,
      `first<any>([${x}, ${y}])`,
      `(${x} as any)!`,
      `(table.steps[0] + Mode.fast + ${x})`,
      `(Mode[${x} as any] ?? Mode["slow"])`,
      `((x: any, { y = ${y} }: any = {}, [z = x]: any = []): any => [x, y, z].length)(${x})`,
      `(<T,>(x: T, ...more: T[]): any => more.length)(${x}, ...[${y}, 1])`,
    ];
    return pick(typed, which);
  }),
  form(1, { key: leaf }, ({ key }, s) => {
    const name = fresh(s, "k");
    return `(({ [${key(s)}]: ${name} = 3 }: any) => ${name})({ 1: 2, x: 5 })`;
  }),
];
