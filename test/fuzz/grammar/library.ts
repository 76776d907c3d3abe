/** The language's library: strings, numbers, arrays, objects, dates, regular expressions, typed arrays, bigint, JSON. */
import { pick } from "../scope.ts";
import { each, type Form, form, index, oneOf, type Parts, some } from "./form.ts";

export const library = ({ value }: Parts): Form[] => [
  form(2, { how: index, parts: some(value) }, ({ how, parts }, s) => {
    const values = each(parts, s);
    const lengths = [
      `[${values.join(", ")}].length`,
      `\`${values.map((part) => `\${${part}}`).join("-")}\`.length`,
      `Math.max(0, ${values.join(", ")})`,
      `Object.keys({ ${values.map((part, i) => `k${i}: ${part}`).join(", ")} }).length`,
    ];
    return pick(lengths, how);
  }),
  form(4, { which: oneOf(...methods), of: index, a: value, b: value }, ({ which, of, a, b }, s) =>
    which({ list: pick(s.lists, of), object: pick(s.objects, of), variable: pick(s.numbers, of), x: a(s), y: b(s) }),
  ),
];

type Operands = { list: string; object: string; variable: string; x: string; y: string };

/** Callbacks reach variables only: an operand may await. */
const methods: ((operands: Operands) => string)[] = [
  // Arrays
  ({ list, x, y }) => `[${list}.length, ${x}].concat([${y}]).length`,
  ({ list, variable }) => `${list}.map((m: any) => (${variable}, m)).length`,
  ({ list, variable }) => `${list}.filter((m: any) => m !== ${variable}).length`,
  ({ list, x, y }) => `${list}.indexOf(${x}, ${y})`,
  ({ list, y }) => `(${list}.at(-1) ?? ${y})`,
  ({ list }) => `[...${list}].sort((a: any, b: any) => (String(a) < String(b) ? -1 : 1)).length`,
  ({ x, y }) => `[3, 1, ${x}, 2].slice(${y}).length`,
  ({ x, y }) => `[...[1, ${x}], ...[${y}]].reduce((t: any, m: any) => t + Number(m), 0)`,
  ({ list, variable }) => `(${list}.some((m: any) => m === ${variable}) ? ${list}.findIndex((m: any) => m === 1) : -1)`,
  ({ x, y, variable }) =>
    `Array.from({ length: 3 }, (_: any, i: number) => i + ${variable}).with(1, ${y}).concat([[${x}]]).flat().length`,
  // Objects and JSON
  ({ object, x }) => `Object.entries({ ...${object}, ["k" + ${x}]: 1 }).length`,
  ({ object }) => `Object.values(structuredClone(${object})).length`,
  ({ x, y }) => `Object.fromEntries([["a", ${x}], ["b", ${y}]]).a`,
  ({ x }) => `JSON.parse(JSON.stringify({ v: ${x} })).v`,
  // Numbers and strings
  ({ x, y }) => `Math.min(${x}, ${y})`,
  ({ x }) => `Number(${x}).toString(2).length`,
  ({ x, y }) => `String(${x}).padStart(Number(${y}) % 9, "0").length`,
  ({ x, y }) => `[String(${x}), "b"].join(String(${y})).toUpperCase().at(0)`,
  // Regular expressions
  ({ x, y, variable }) => `String(${x}).replace(/\\d/g, (d: string) => d + ${variable}).split(String(${y})).length`,
  ({ x }) => `(/(?<head>\\d)(\\d*)/.exec(String(${x}))?.groups?.head ?? "none")`,
  ({ x }) => `[...String(${x}).matchAll(/[0-9]/g)].map((m: any) => m.index).length`,
  ({ x }) => `((r: any, x: any) => [r.test(String(x)), r.lastIndex].join())(/1/g, ${x})`,
  // Dates
  ({ x }) => `new Date((Number(${x}) || 0) % 1e9).getTime()`,
  ({ x, y }) =>
    `((d: any, x: any, y: any) => (d.setUTCDate((Number(x) || 0) % 30), d.setUTCHours((Number(y) || 0) % 30), d.toISOString()))(new Date(0), ${x}, ${y})`,
  ({ x }) => `new Date(2020, 1, (Number(${x}) || 0) % 30).getUTCFullYear()`,
  // Typed arrays and bigint
  ({ x, y }) => `new Uint8Array([${x}, ${y}])[0]`,
  ({ x, y }) =>
    `((t: any, x: any, y: any) => ((t[1] = x), t.set([y], 2), t.subarray(1).reduce((s: any, m: any) => s + m, 0)))(new Float64Array(3), ${x}, ${y})`,
  ({ variable }) => `[...Int16Array.from([1, 2], (m: number) => m * ${variable})].join()`,
  ({ x }) => `Number(BigInt(Math.trunc(Number(${x}) % 1e9 || 0)) ** 2n % 97n)`,
  ({ x, y }) => `String((BigInt(Math.trunc(Number(${x}) % 1e6 || 0)) << 3n) + (${y} ? 1n : -1n))`,
  // Maps and sets, made on the spot
  ({ x, y }) => `new Map<any, any>([[${x}, ${y}], [1, 2]]).get(${x})`,
  ({ x, y }) => `[...new Set([${x}, ${y}, 1])].length`,
  // Pure functions of another file
  ({ x, y }) => `sum(...[${x}, ${y}].map(Number), 1)`,
  ({ x, y }) => `clamp(${x}, { high: ${y} })`,
  ({ list, x }) => `noted(${list}, ${x})`,
  ({ x }) => `((c: any) => [c.next(), c.peek()].length)(counter(${x}))`,
];
