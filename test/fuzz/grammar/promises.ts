/** Steps, promises as values and what becomes of them. */
import { fresh, inFunction, pick, step, within } from "../scope.ts";
import { each, type Form, flag, form, index, oneOf, type Parts, some } from "./form.ts";

const combinators = oneOf("all", "race", "any", "allSettled");
const stepName = oneOf("a", "b", "c", "fit", "late");

/** `a(1)`: in programs that count ticks, some inputs tell how many there were. */
const call = ({ value }: Parts, weight: number, around: (call: string) => string): Form =>
  form(weight, { name: stepName, input: value }, ({ name, input }, s) => {
    const given = input(s);
    if (!s.async) return `half(${given})`;
    return around(`${step(s, name)}(${given}${s.tick && name === "a" ? ` + ${s.tick}` : ""})`);
  });

export const promises = (parts: Parts): Form[] => {
  const { promise, value } = parts;
  return [
    call(parts, 8, (call) => `(await ${call})`),
    form(3, { to: index }, ({ to }, s) =>
      s.async && s.promises.length > 0 ? `(await ${pick(s.promises, to)})` : pick(s.numbers, to),
    ),
    form(3, { how: combinators, of: some(promise, 3, 1) }, ({ how, of }, s) =>
      s.async ? `(await Promise.${how}([${each(of, s).join(", ")}]))` : `${of.length}`,
    ),
    form(2, { how: index, to: index, value, promise }, ({ how, to, value, promise }, s) => {
      if (!s.async) return value(s);
      const kept = pick([...s.promises, `Promise.resolve(${value(s)})`], to);
      const ways = [
        `(await Promise.all(Object.values({ p: ${kept}, q: ${promise(s)} }))).length`,
        `(await Promise.all([...new Map<any, any>([[1, ${kept}], [2, ${promise(s)}]]).values()])).length`,
        `(await ({ p: ${promise(s)} } as any).p)`,
        `(await [${kept}, ${promise(s)}][1])`,
      ];
      return pick(ways, how);
    }),
    fanOut(parts),
    ...pipelineCalls(parts, (call) => `(await ${call})`),
  ];
};

/** Promises that are not awaited where they stand. */
export const promiseValues = (parts: Parts): Form[] => {
  const { promise, value } = parts;
  return [
    { weight: 2, arbitrary: value },
    call(parts, 6, (call) => call),
    form(2, { how: combinators, of: some(promise, 3, 1) }, ({ how, of }, s) => `Promise.${how}([${each(of, s)}])`),
    form(1, { fails: flag, value }, ({ fails, value }, s) =>
      fails ? `Promise.reject(new RangeError("r" + ${value(s)}))` : `Promise.resolve(${value(s)})`,
    ),
    form(2, { to: index, args: some(value, 2) }, ({ to, args }, s) => {
      const later = s.functions.filter(({ async }) => async);
      const given = each(args, s).join(", ");
      return later.length > 0 ? `${pick(later, to).name}(${given})` : `Promise.resolve(${args.length})`;
    }),
    form(2, { body: parts.statements, value }, ({ body, value }, s) => {
      if (s.depth > 1) return value(s);
      const inside = inFunction(s, true);
      return `(async () => { ${body(inside)} return ${value(inside)}; })()`;
    }),
    ...pipelineCalls(parts, (call) => call),
  ];
};

export const promiseStatements = ({ promise, value }: Parts): Form[] => [
  form(4, { promise }, ({ promise }, s) => {
    const made = promise(s);
    const name = fresh(s, "p");
    s.promises.push(name);
    return `const ${name}: any = ${made};`;
  }),
  form(2, { how: index, of: some(promise, 2, 1) }, ({ how, of }, s) => {
    const made = each(of, s);
    const name = fresh(s, "kept");
    if (how % 3 === 0) {
      s.promises.push(`${name}[0]`, `Promise.all(${name})`);
      return `const ${name}: any[] = []; ${made.map((p) => `${name}.push(${p});`).join(" ")}`;
    }
    if (how % 3 === 1) {
      s.promises.push(`${name}.get("k0")`);
      return `const ${name} = new Map<any, any>(); ${made.map((p, i) => `${name}.set("k${i}", ${p});`).join(" ")}`;
    }
    s.promises.push(`${name}.k0`);
    return `const ${name}: any = { ${made.map((p, i) => `["k" + ${i}]: ${p}`).join(", ")} };`;
  }),
  form(2, { on: index, how: index, value }, ({ on, how, value }, s) => {
    const promise = s.promises.length > 0 ? pick(s.promises, on) : "Promise.resolve(1)";
    const name = fresh(s, "p");
    const inside = within(inFunction(s, false), { depth: s.depth });
    inside.numbers.push("v");
    const text = value(inside);
    const chained = [
      `${promise}.then((v: any) => ${text})`,
      `${promise}.catch((v: any) => ${text})`,
      `${promise}.finally(() => { out.push("finally"); })`,
      `${promise}.then((v: any) => [v], (v: any) => "caught")`,
    ];
    s.promises.push(name);
    return `const ${name}: any = ${pick(chained, how)};`;
  }),
  form(1, { promise, value }, ({ promise, value }, s) => {
    const made = promise(s);
    return `Promise.resolve(${made}).then((v: any) => { out.push(v); }, () => { out.push(${value(within(inFunction(s, false), { depth: s.depth }))}); });`;
  }),
  form(1, { promise, value, fails: flag }, ({ promise, value, fails }, s) => {
    const name = fresh(s, "w");
    const text = `const ${name} = Promise.withResolvers<any>(); ${name}.${fails ? `reject(new RangeError("r" + ${value(s)}))` : `resolve(${promise(s)})`};`;
    s.promises.push(`${name}.promise`);
    return text;
  }),
  form(2, { name: stepName, value, abort: flag }, ({ name, value, abort }, s) => {
    const input = value(s);
    const handle = fresh(s, "h");
    s.promises.push(`${handle}.result()`);
    return `const ${handle}: any = start(${step(s, name)}, ${input});${abort ? ` ${handle}.abort("enough");` : ""}`;
  }),
  form(1, { name: stepName, value }, ({ name, value }, s) => `detach(${step(s, name)}(${value(s)}));`),
];

/** A function that starts steps, called by a method of an array. */
function fanOut({ statements, value }: Parts): Form {
  return form(3, { how: index, over: index, body: statements, value }, ({ how, over, body, value }, s) => {
    const list = `${pick(s.lists, over)}.slice(0, 2)`;
    if (!s.async || s.depth > 1) return `${list}.length`;
    const m = fresh(s, "m");
    const inside = inFunction(s, true, [m]);
    const text = `{ ${body(inside)} return ${value(inside)}; }`;
    const ways = [
      `(await Promise.all(${list}.map(async (${m}: any) => ${text})))`,
      `(await Promise.allSettled(${list}.map(async (${m}: any) => ${text}))).length`,
      `(await [1, 2].reduce(async (total: any, ${m}: any) => { await total; ${text} }, Promise.resolve(0)))`,
      `(await Promise.all(${list}.map(${step(s, "a")})))`,
      `([1, 2].forEach(async (${m}: any) => { try ${text} catch {} }), 1)`,
      `(await Promise.all([...${list}.entries()].map(async ([i, ${m}]: any) => ${text})))`,
      `(await Promise.race([7].concat(${list}).map(async (${m}: any, i: number) => ${text})))`,
      `(await Promise.all([1, 2].flatMap((i: number) => [${step(s, "a")}(i), i])))`,
    ];
    return pick(ways, how);
  });
}

/** Another pipeline: also itself, as often as is left. */
function pipelineCalls({ value }: Parts, around: (call: string) => string): Form[] {
  return [
    form(2, { to: index, value }, ({ to, value }, s) => {
      const given = value(s);
      if (!s.async || s.pipelines.length === 0) return given;
      const call = `${pick(s.pipelines, to)}({ n: ${given}, left: ${s.left} - 1 })`;
      return `(${s.left} > 0 ? ${around(call)} : ${pick(s.numbers, to)})`;
    }),
  ];
}
