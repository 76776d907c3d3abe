/** Maps and sets as locals, changed in place, also while they are gone through. */
import { fresh, pick, type Scope, within } from "../scope.ts";
import { each, type Form, flag, form, index, oneOf, type Parts, some } from "./form.ts";

export const collectionValues = ({ value }: Parts): Form[] => [
  form(2, { of: index, which: index, x: value }, ({ of, which, x }, s) => {
    const key = x(s);
    const [map, set] = [pick(s.maps, of), pick(s.sets, of)];
    const ways = [
      `${map}.get(${key})`,
      `${map}.has(${key})`,
      `(${map}.size + ${set}.size)`,
      `${set}.has(${key})`,
      `[...${map}.keys()].length`,
      `[...${set}].join().length`,
      `${set}.union(new Set([${key}])).size`,
      `[...${map}.entries()].flat().length`,
    ];
    return pick(ways, which);
  }),
];

export const collectionStatements = ({ value, statements }: Parts): Form[] => [
  form(2, { isMap: flag, parts: some(value) }, ({ isMap, parts }, s) => {
    const items = each(parts, s);
    const name = fresh(s, isMap ? "m" : "set");
    (isMap ? s.maps : s.sets).push(name);
    if (!isMap) return `const ${name} = new Set<any>([${items.join(", ")}]);`;
    return `const ${name} = new Map<any, any>([${items.map((item, i) => `[${i}, ${item}]`).join(", ")}]);`;
  }),
  form(
    2,
    { of: index, how: oneOf("set", "delete", "add", "drop", "clear"), x: value, y: value },
    ({ of, how, x, y }, s) => {
      const [map, set, key, item] = [pick(s.maps, of), pick(s.sets, of), x(s), y(s)];
      if (how === "set") return `${map}.set(${key}, ${item});`;
      if (how === "delete") return `out.push(${map}.delete(${key}));`;
      if (how === "add") return `${set}.add(${key}).add(${item});`;
      if (how === "drop") return `out.push(${set}.delete(${key}), ${item});`;
      return `${set}.clear();`;
    },
  ),
  form(2, { of: index, isMap: flag, body: statements, x: value, y: value }, ({ of, isMap, body, x, y }, s) => {
    const [map, set] = [pick(s.maps, of), pick(s.sets, of)];
    const [k, v, turns] = [fresh(s, "k"), fresh(s, "v"), fresh(s, "turns")];
    const inside = within(s, { loop: true, breakable: true });
    inside.numbers.push(k);
    const [over, change] = isMap
      ? goThroughMap(inside, map, k, v, x(inside), y(inside))
      : goThroughSet(inside, set, k, x(inside));
    return `let ${turns} = 0; for (const ${over}) { if (${turns}++ > 2) break; ${change} ${body(inside)} }`;
  }),
];

/** It grows and shrinks under the loop. */
function goThroughMap(
  s: Scope,
  map: string,
  k: string,
  v: string,
  x: string,
  y: string,
): [over: string, change: string] {
  s.numbers.push(v);
  return [`[${k}, ${v}] of ${map}`, `${map}.delete(${x}); ${map}.set(${y}, ${k});`];
}

const goThroughSet = (_: Scope, set: string, k: string, x: string): [over: string, change: string] => [
  `${k} of ${set}`,
  `${set}.delete(${k}); ${set}.add(${x});`,
];
