/** Declarations, every form of destructuring, shadows, and statements of one expression. */
import { fresh, pick, within } from "../scope.ts";
import { each, type Form, flag, form, index, type Parts, some } from "./form.ts";

export const declarations = (parts: Parts): Form[] => {
  const { value, statements } = parts;
  return [
    form(5, { values: some(value, 3, 1) }, ({ values }, s) => `out.push(${each(values, s).join(", ")});`),
    form(4, { value }, ({ value }, s) => `n = ${value(s)};`),
    form(6, { mutable: flag, value }, ({ mutable, value }, s) => {
      const made = value(s);
      const name = fresh(s, "x");
      s.numbers.push(name);
      if (mutable) s.mutable.push(name);
      return `${mutable ? "let" : "const"} ${name}: any = ${made};`;
    }),
    form(2, { values: some(value), spread: index }, ({ values, spread }, s) => {
      const items = each(values, s);
      if (spread > 3) items.splice(spread - 4, 0, `...${pick(s.lists, spread)}.slice(0, 3)`);
      const name = fresh(s, "l");
      s.lists.push(name);
      return `const ${name}: any[] = [${items.join(", ")}];`;
    }),
    form(2, { values: some(value), spread: index, alias: flag }, ({ values, spread, alias }, s) => {
      const items = each(values, s).map(
        (value, i) => `${i === 1 ? `["x" + ${i}]` : pick(["x", "y", "z"], i)}: ${value}`,
      );
      if (spread > 3) items.splice(spread - 4, 0, `...${pick(s.objects, spread)}`);
      if (alias) items.push(`inner: ${pick(s.objects, spread)}`);
      const name = fresh(s, "o");
      s.objects.push(name);
      return `const ${name}: any = { ${items.join(", ")} };`;
    }),
    form(1, { of: index, isList: flag }, ({ of, isList }, s) => {
      const [kind, letter] = isList ? [s.lists, "l"] : [s.objects, "o"];
      const [name, same] = [fresh(s, letter), pick(kind, of)];
      kind.push(name);
      return `const ${name}: any = ${same};`;
    }),
    form(2, { to: index, value }, ({ to, value }, s) => `${pick(s.lists, to)}.push(${value(s)});`),
    destructuring(parts),
    form(1, { value, body: statements }, ({ value, body }, s) => {
      const [made, name, outer] = [value(s), s.numbers.findLast((name) => /^\w+$/.test(name)) as string, fresh(s, "s")];
      const inside = within(s, { mutable: [...s.mutable, name] });
      return `const ${outer}: any = ${made}; { let ${name}: any = ${outer}; ${body(inside)} out.push(${name}); }`;
    }),
  ];
};

function destructuring({ value }: Parts): Form {
  return form(3, { how: index, of: index, fallback: value }, ({ how, of, fallback }, s) => {
    const plain = fallback(s);
    const [x, y, rest] = [fresh(s, "x"), fresh(s, "x"), fresh(s, "r")];
    const [list, object, target] = [pick(s.lists, of), pick(s.objects, of), pick(s.mutable, of)];
    const ways = [
      `const [${x}, ${y} = ${plain}, , ...${rest}]: any = ${list}; out.push(${rest});`,
      `const { x: ${x}, missing: ${y} = ${plain} }: any = ${object};`,
      `let [${x}, ...${rest}]: any = ${list}; const ${y}: any = ${rest}.length;`,
      `const { y: ${x} = ${plain}, ...${rest} }: any = ${object}; const ${y}: any = Object.keys(${rest}).length;`,
      `const ${x}: any = 1, ${y}: any = 2; [${target}, ${object}.x] = [${object}.y, ${target}];`,
      `const ${x}: any = 0, ${y}: any = 0; ({ ["x" + ${x}]: ${target} = ${plain}, y: ${object}.y } = ${object});`,
      `const ${x}: any = 0, ${y}: any = 0; [${target} = ${plain}, , ${object}.z] = ${list};`,
      `let ${x}: any, ${y}: any; for ({ x: ${x} = ${plain} } of [{}, ${object}] as any[]) { ${y} = ${x}; }`,
    ];
    s.numbers.push(x, y);
    return pick(ways, how);
  });
}
