/** Local functions, sync and async: how they are declared, how they recur, how they are called. */
import { fresh, inFunction, pick } from "../scope.ts";
import { each, type Form, flag, form, index, type Parts, some } from "./form.ts";

export const functionValues = ({ value, statements }: Parts): Form[] => [
  form(3, { to: index, args: some(value, 2), spread: flag }, ({ to, args, spread }, s) => {
    const given = each(args, s);
    const list = spread ? [...given, `...${pick(s.lists, to)}.slice(0, 2)`] : given;
    const callable = s.functions.filter(({ async }) => s.async || !async);
    if (callable.length === 0) return `half(${list[0] ?? "n"})`;
    const { name, async } = pick(callable, to);
    return async ? `(await ${name}(${list.join(", ")}))` : `${name}(${list.join(", ")})`;
  }),
  form(2, { body: statements, value, async: flag }, ({ body, value, async }, s) => {
    if (s.depth > 1) return value(s);
    const inside = inFunction(s, async && s.async);
    const text = `{ ${body(inside)} return ${value(inside)}; }`;
    return inside.async ? `(await (async () => ${text})())` : `(() => ${text})()`;
  }),
];

export const functionStatements = ({ value, leaf, statements }: Parts): Form[] => [
  form(
    3,
    { async: flag, hoisted: flag, params: index, body: statements, value, fallback: leaf },
    ({ async, hoisted, params, body, value, fallback }, s) => {
      if (s.depth > 1) return "";
      const [name, q, w] = [fresh(s, "f"), fresh(s, "q"), fresh(s, "w")];
      const forms: [list: string, names: string[]][] = [
        ["", []],
        [`${q}?: any`, [q]],
        [`${q}?: any, ${w}: any = ${q}`, [q, w]],
        [`${q}?: any, ...${w}: any[]`, [q]],
        [`{ x: ${q} = 1, ...${w} }: any = {}`, [q]],
        [`[${q}, ${w} = 2]: any = [], _?: any`, [q, w]],
        [`${q}: any = ${fallback(s)}`, [q]],
        ["...rest: any[]", []],
      ];
      const [list, names] = pick(forms, params);
      const inside = inFunction(s, async, names);
      if (list.includes(`...${w}: any[]`)) inside.lists.push(w);
      if (list.startsWith("...rest")) inside.lists.push("rest");
      const text = `{ ${body(inside)} return ${value(inside)}; }`;
      s.functions.push({ name, async });
      return declared(name, list, text, { async, hoisted: hoisted && !s.inClass });
    },
  ),
  form(
    2,
    { async: flag, hoisted: flag, body: statements, next: value, last: value, twice: flag },
    ({ async, hoisted, body, next, last, twice }, s) => {
      if (s.depth > 0) return "";
      const [name, q, left] = [fresh(s, "f"), fresh(s, "q"), fresh(s, "left")];
      const inside = inFunction(s, async, [q]);
      const again = `${name}(${next(inside)}, ${left} - 1)`;
      const both = twice ? `await Promise.all([${again}, ${again}])` : `await ${again}`;
      const text = `{ ${body(inside)} return ${left} > 0 ? ${async ? both : again} : ${last(inside)}; }`;
      s.functions.push({ name: `((x?: any) => ${name}(x))`, async });
      return declared(name, `${q}?: any, ${left} = 1`, text, { async, hoisted: hoisted && !s.inClass });
    },
  ),
];

type Way = { async: boolean; hoisted: boolean };

function declared(name: string, list: string, text: string, { async, hoisted }: Way): string {
  const word = async ? "async " : "";
  if (hoisted) return `${word}function ${name}(${list}): ${async ? "Promise<any>" : "any"} ${text}`;
  return `const ${name} = ${word}(${list}): ${async ? "Promise<any>" : "any"} => ${text};`;
}
